import { type ParsedRequest, type Refusal, type RequestAction, refused } from '../model/request.ts';

/** The part of a message that a request is read from. */
export interface RequestMail {
  readonly from: string;
  readonly subject: string;
  readonly body: string;
}

/**
 * Reads a lifecycle mail in every form that was ever documented (spec/tick.md §6.3, spec/agents.md §2.9): the action from
 * a JSON body, a bare word, an `Action: X` line, or the subject; the agent from the JSON, the subject, or the sender.
 * Subjects are read by their grammar, never searched for words: names may contain `cycle` or `restart`. Where subject
 * and body ask for different things nothing is done.
 */
export function parseRequest({ from, subject, body }: RequestMail): ParsedRequest {
  if (!/^lifecycle:/i.test(subject)) return { kind: 'not-a-request' };
  const said = readSubject(subject.slice('lifecycle:'.length));
  const asked = readBody(body);
  const action = combine(said.action, asked);
  if (typeof action !== 'string') return action;
  const named = [asked.kind === 'action' ? asked.agent : null, said.agent].flatMap((name) => name ?? []);
  const [agent, ...alsoNamed] = named.map((name) => withSender(name, from));
  return {
    kind: 'request',
    action,
    agent: agent ?? from.trim(),
    alsoNamed,
    sender: from.trim(),
    raised: asked.kind === 'action' ? asked.raised : null,
  };
}

type BodyReading =
  | {
      readonly kind: 'action';
      readonly action: RequestAction;
      readonly agent: string | null;
      readonly raised: string | null;
    }
  /** The body says nothing about an action; the subject may. */
  | { readonly kind: 'silent'; readonly empty: boolean }
  | Refusal;

function combine(said: RequestAction | null, asked: BodyReading): RequestAction | Refusal {
  if (asked.kind === 'refused') return asked;
  if (asked.kind === 'silent') {
    return (
      said ??
      refused('unparseable', 'Neither the subject nor the body says what to do: cycle, restart or shutdown.')
    );
  }
  if (said !== null && said !== asked.action) {
    return refused('contradiction', `The subject asks for ${said} and the body for ${asked.action}.`);
  }
  return asked.action;
}

/** `<identity> requesting <action>`, `<action> <identity>` or `<action>`; anything else names neither. */
function readSubject(rest: string): { readonly agent: string | null; readonly action: RequestAction | null } {
  const words = rest.trim().split(/\s+/);
  const at = words.findIndex((word) => word.toLowerCase() === 'requesting');
  if (at !== -1 && at <= 1) return { agent: words[at - 1] ?? null, action: actionOf(words[at + 1]) };
  const [first, second, ...more] = words;
  const action = actionOf(first);
  if (action === null || more.length > 0) return { agent: null, action: null };
  return { agent: second ?? null, action };
}

function readBody(body: string): BodyReading {
  const text = body.trim();
  const json = parseObject(text);
  if (json !== null) return readObject(json);
  const word = actionOf(text);
  if (word !== null) return { kind: 'action', action: word, agent: null, raised: null };
  const lines = text.split(/\r\n|\r|\n/).flatMap((line) => {
    const [, given] = /^\s*action\s*:\s*(\S+)\s*$/i.exec(line) ?? [];
    return given === undefined ? [] : [given];
  });
  return lines.length === 0 ? readOther(text) : readActionLines(lines);
}

function readActionLines(lines: readonly string[]): BodyReading {
  const actions = new Set(lines.map(actionOf));
  const [action] = actions;
  if (actions.has(null)) return unknownAction;
  if (action === undefined || action === null) return unknownAction;
  if (actions.size > 1) return refused('contradiction', 'The body asks for more than one action.');
  return { kind: 'action', action, agent: null, raised: null };
}

/** JSON that is not an object, or an object with something behind it, was meant for a program and is broken. */
function readOther(text: string): BodyReading {
  if (text === 'null') return unknownAction;
  if (/^[{["\d]/.test(text)) return refused('unparseable', 'The body is not a JSON object with an "action".');
  return { kind: 'silent', empty: text === '' };
}

/** Keys in any letter case, the last of several wins, as in Go's decoder. */
function readObject(json: object): BodyReading {
  const entries = Object.entries(json).map(([key, value]) => [key.toLowerCase(), value] as const);
  const last = (key: string): unknown => entries.findLast(([name]) => name === key)?.[1];
  const given = last('action');
  if (given === undefined) return { kind: 'silent', empty: false };
  if (given === null) return unknownAction;
  if (typeof given !== 'string') return refused('unparseable', 'The "action" in the body is not a word.');
  const action = actionOf(given);
  if (action === null) return unknownAction;
  const agent = last('identity') ?? last('agent');
  if (agent !== undefined && (typeof agent !== 'string' || agent.trim() === '')) {
    return refused('unparseable', 'The "identity" in the body is not a name.');
  }
  const time = last('time');
  return {
    kind: 'action',
    action,
    agent: agent?.trim() ?? null,
    raised: typeof time === 'string' ? time : null,
  };
}

const unknownAction = refused(
  'unknown-action',
  'The action asked for is none of cycle, restart, shutdown and stop.',
);

function actionOf(word: string | undefined): RequestAction | null {
  switch (word?.trim().toLowerCase()) {
    case 'cycle':
    case 'cycling':
      return 'cycle';
    case 'restart':
    case 'restarting':
      return 'restart';
    case 'shutdown':
    case 'stop':
      return 'shutdown';
    default:
      return null;
  }
}

/** Upstream's own sender wrote the bare role (`witness`) without its rig; the sender's address has it. */
function withSender(name: string, from: string): string {
  const sender = from.trim().replace(/\/$/, '');
  return (name === 'witness' || name === 'refinery') && sender.endsWith(`/${name}`) ? sender : name;
}

function parseObject(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
