import { exitStatus, Failure } from '../../exit.ts';
import type { TownEvent } from '../../model/town-event.ts';
import { eventReader } from '../../persist/event-reader.ts';
import { jsonText } from '../../show/json.ts';
import { happeningLine, sentenceOf, toldOnce } from '../../show/log-text.ts';
import { parseDuration } from '../../town/duration.ts';
import type { Layout } from '../../town/layout.ts';
import { loadRigs } from '../../town/rigs.ts';
import { agentNamed } from '../agent-named.ts';
import { type Context, styleFor } from '../context.ts';
import { townOf } from '../rigs/rig.ts';
import { watchLog } from './log-watch.ts';

export interface LogOptions {
  readonly town?: string | undefined;
  /** An agent in any spelling, or a rig; everybody when missing. */
  readonly agent?: string | undefined;
  readonly follow?: boolean | undefined;
  /** A length of time (`2h`), or a date or time of day that `Date` reads. */
  readonly since?: string | undefined;
  /** How many lines at most; 50 unless `since` says otherwise. */
  readonly lines?: string | undefined;
  readonly json?: boolean | undefined;
}

/**
 * `gt log [AGENT]`: what was done in the town and why, oldest first, from all files of the log that are kept. For people, what
 * comes again and again is one line with a count; `--json` has every event.
 * With `follow` it goes on until it is ended; then `--json` is one document a line, as for other programs that follow.
 */
export async function logCommand(options: LogOptions, context: Context): Promise<number> {
  const { follow = false, json = false } = options;
  const at = townOf(options.town, context, { reading: true });
  const from = options.since === undefined ? null : sinceIn(options.since, context.now());
  const most = linesIn(options.lines) ?? (from === null ? 50 : Number.POSITIVE_INFINITY);
  const reader = eventReader(at);
  const all = reader.next();
  const wanted = filterFor(options.agent, at, all);
  const known = all.filter((event) => wanted(event) && (from === null || Date.parse(event.at) >= from));
  const style = styleFor(context);
  const print = (events: readonly TownEvent[], longest = Number.POSITIVE_INFINITY) => {
    const now = context.now();
    const lines = json
      ? events.map((event) => JSON.stringify(documentOf(event)))
      : toldOnce(events).map((told) => happeningLine(told, now, style));
    context.stdout(
      lines
        .slice(Math.max(0, lines.length - longest))
        .map((line) => `${line}\n`)
        .join(''),
    );
  };
  if (json && !follow) {
    const earlier = Math.max(0, known.length - most);
    const shown = known.slice(earlier);
    context.stdout(jsonText({ schema: 'gt.log/1', town: at.root, earlier, events: shown.map(documentOf) }));
    return exitStatus.done;
  }
  print(known, most);
  if (follow) await watchLog(at, () => print(reader.next().filter(wanted)), context);
  else if (known.length === 0) context.stdout('○ Nothing has been done or found here in that time.\n');
  return exitStatus.done;
}

function documentOf(event: TownEvent): object {
  return { ...event, sentence: sentenceOf(event) };
}

/** Of an agent, of a rig and its agents, or everything; agents that are gone have left traces too. */
function filterFor(
  given: string | undefined,
  at: Layout,
  all: readonly TownEvent[],
): (event: TownEvent) => boolean {
  if (given === undefined) return () => true;
  const { rigs } = loadRigs(at);
  const isRig = rigs.known && rigs.value.some(({ name }) => name === given);
  if (isRig)
    return ({ agent, evidence }) => evidence.target === given || (agent?.startsWith(`${given}/`) ?? false);
  const id = all.some(({ agent }) => agent === given) ? given : agentNamed(given, { rigs });
  return ({ agent }) => agent === id;
}

/** Milliseconds since 1970. */
function sinceIn(given: string, now: Date): number {
  const length = parseDuration(given);
  if (length !== null) return now.getTime() - length;
  const clock = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(given);
  if (clock !== null) {
    const today = new Date(now).setHours(Number(clock[1]), Number(clock[2]), 0, 0);
    return today <= now.getTime() ? today : today - 86_400_000;
  }
  const date = /^\d{4}-\d\d-\d\d$/.test(given) ? Date.parse(`${given}T00:00`) : Date.parse(given);
  if (/^\d{4}-\d\d-\d\d/.test(given) && !Number.isNaN(date)) return date;
  throw new Failure(
    'usage',
    exitStatus.usage,
    `--since takes a length of time (2h), a time of day (14:03) or a date (2026-11-21), not ${JSON.stringify(given)}.`,
    'gt log --help',
  );
}

function linesIn(given: string | undefined): number | null {
  if (given === undefined) return null;
  if (/^\d{1,7}$/.test(given)) return Number(given);
  throw new Failure(
    'usage',
    exitStatus.usage,
    `--lines takes a number, not ${JSON.stringify(given)}.`,
    'gt log --help',
  );
}
