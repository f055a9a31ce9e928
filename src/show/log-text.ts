import type { Evidence } from '../model/plan.ts';
import type { TownEvent } from '../model/town-event.ts';
import { oneLine } from './printable.ts';
import { reasonText } from './reason.ts';
import type { Style, Tone } from './style.ts';
import { momentText } from './time.ts';

/** Acts of the tick: done, not done, put off. */
const deeds: Readonly<Record<string, readonly [done: string, failed: string, off: string]>> = {
  start: ['Started', 'Could not start', 'Did not start'],
  recreate: ['Started anew', 'Could not start anew', 'Did not start anew'],
  nudge: ['Woke', 'Could not wake', 'Put off waking'],
  mail: ['Sent a timer’s mail to', 'Could not send a timer’s mail to', 'Put off a timer’s mail to'],
  settle: ['Answered a request for', 'Could not carry out a request for', 'Put off a request for'],
  kill: ['Ended', 'Could not end', 'Did not end'],
  sync: ['Brought up to date', 'Could not bring up to date', 'Did not bring up to date'],
};

/** Requests that were carried out. */
const replaced: Readonly<Record<string, string>> = {
  'requested-cycle': 'Replaced',
  'requested-restart': 'Started anew',
  'requested-shutdown': 'Shut down',
};

/** Why somebody is left alone. */
const holdKinds = ['held', 'parked', 'estop', 'shutdown', 'holds-unknown'];

const marks: Readonly<Record<string, readonly [mark: string, tone: Tone]>> = {
  ok: ['✓', 'good'],
  failed: ['✗', 'bad'],
  skipped: ['–', 'warn'],
};

/** Evidence that tells a person something the reason does not. */
const worthSaying = ['status', 'signal', 'command', 'silent_minutes', 'work', 'action', 'requested_by'];

/** Something that was written down once, or again and again in the same words. */
export interface Told {
  readonly first: TownEvent;
  /** How often, and when at last. */
  readonly times: number;
  readonly last: string;
}

/** So many other things may lie between two that are told as one. */
const between = 8;

/** What comes again and again, each minute say, is told once, where it began, with a count. Oldest first, as given. */
export function toldOnce(happenings: readonly TownEvent[]): readonly Told[] {
  const told: Told[] = [];
  const keys: string[] = [];
  for (const happening of happenings) {
    const key = keyOf(happening);
    const found = keys.slice(-between).lastIndexOf(key);
    const index = found === -1 ? told.length : Math.max(0, keys.length - between) + found;
    const before = told[index] ?? { first: happening, times: 0 };
    told[index] = { ...before, times: before.times + 1, last: happening.at };
    keys[index] = key;
  }
  return told;
}

function keyOf(happening: TownEvent): string {
  return `${happening.kind} ${happening.agent} ${resultOf(happening)} ${sentenceOf(happening)}`;
}

/** One line of the story: when, and what happened to whom and why, as a sentence. */
export function happeningLine({ first, times, last }: Told, now: Date, style: Style): string {
  const when = style('dim', momentText(new Date(first.at), now).padEnd(24));
  const [mark, tone] = marks[resultOf(first) ?? ''] ?? ['·', 'dim'];
  const again =
    times === 1 ? '' : ` ${style('dim', `(${times} times, last ${momentText(new Date(last), now)})`)}`;
  return `${when}  ${style(tone, mark)} ${sentenceOf(first)}${again}`;
}

/** What happened, as a sentence. */
export function sentenceOf({ kind, agent, text, evidence }: TownEvent): string {
  const result = resultOf({ evidence });
  const why = typeof evidence.why === 'string' ? reasonText(evidence.why) : null;
  if (kind === 'alert') return alertSentence(evidence, result, text);
  const deed = deeds[kind];
  if (deed !== undefined && result !== null && why !== null) {
    const carriedOut = kind === 'settle' && result === 'ok' ? replaced[String(evidence.why)] : undefined;
    if (carriedOut !== undefined)
      return `${carriedOut} ${agent ?? 'somebody'}, as it was asked for${errorIn(text)}.`;
    const verb = deed[result === 'ok' ? 0 : result === 'failed' ? 1 : 2];
    return `${verb} ${agent ?? 'somebody'}: ${why}${factsOf(evidence)}${errorIn(text)}.`;
  }
  const over = kind.endsWith('-over') ? kind.slice(0, -'-over'.length) : null;
  if (over !== null && holdKinds.includes(over)) return `${agent ?? 'Everybody'} is no longer held.`;
  if (holdKinds.includes(kind)) return `Leaves ${agent ?? 'everybody'} alone: ${holdWords(kind, evidence)}.`;
  const said = oneLine(text, 500).replace(/\.$/, '');
  return `${named(agent ?? targetOf(evidence))}${said === '' ? reasonText(kind) : said}.`;
}

function alertSentence(evidence: Evidence, result: string | null, text: string): string {
  const about = typeof evidence.text === 'string' ? oneLine(evidence.text, 300).replace(/\.$/, '') : '';
  const kind = {
    opened: 'Told that something is wrong',
    reminder: 'Reminded that it still is',
    recovered: 'Told that it is over',
  }[typeof evidence.notice === 'string' ? evidence.notice : ''];
  if (result === 'ok') return `${kind ?? 'Told'}: ${about}.`;
  return `Could not tell anybody yet: ${about}${errorIn(text)}.`;
}

function named(agent: string | null): string {
  return agent === null ? '' : `${agent}: `;
}

function holdWords(kind: string, { target, by, reason }: Evidence): string {
  if (typeof reason !== 'string') return reasonText(kind);
  const whom = target === '*' ? 'the whole town' : typeof target === 'string' ? target : 'it';
  const who = typeof by === 'string' && by !== '' ? ` by ${oneLine(by, 80)}` : '';
  return `${whom} is held${who} (${kind}: ${oneLine(reason, 200)})`;
}

/** What a person's command was about. */
function targetOf({ target }: Evidence): string | null {
  if (typeof target !== 'string') return null;
  return target === '*' ? 'the whole town' : target;
}

function resultOf({ evidence }: Pick<TownEvent, 'evidence'>): string | null {
  return typeof evidence.result === 'string' ? evidence.result : null;
}

function factsOf(evidence: Evidence): string {
  const facts = worthSaying.flatMap((name) => {
    const value = evidence[name];
    return value === undefined || value === null || value === ''
      ? []
      : [`${name.replaceAll('_', ' ')} ${value}`];
  });
  return facts.length === 0 ? '' : ` (${facts.join(', ')})`;
}

/** Behind the reason in the event's text stands what went wrong, if something did. */
function errorIn(text: string): string {
  const at = text.indexOf('; ');
  return at === -1 ? '' : `; ${oneLine(text.slice(at + 2), 300).replace(/\.$/, '')}`;
}
