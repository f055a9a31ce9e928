import { setTimeout as pause } from 'node:timers/promises';
import { exitStatus, Failure } from '../../exit.ts';
import type { Agent } from '../../model/agent.ts';
import { draftWith } from '../../model/message.ts';
import { jsonText } from '../../show/json.ts';
import { oneLine } from '../../show/printable.ts';
import { reasonText } from '../../show/reason.ts';
import { openStore } from '../../store/open.ts';
import type { Store } from '../../store/port.ts';
import { mailboxOfAgent } from '../../town/mailbox.ts';
import type { Context } from '../context.ts';
import { valueIn } from '../mail/desk.ts';
import { nudgeText } from '../mail/notify.ts';
import { senderHere } from '../mail/sender-here.ts';
import { logDeed } from '../operator/log-deed.ts';
import { lookAtTown, type Telling, type TownSeen, tellPanes, unable } from '../pane-teller.ts';
import { refuseUnseen } from '../unseen.ts';
import { around, type Targets, targetsOf } from './targets.ts';

export interface NudgeOptions {
  readonly town?: string | undefined;
  readonly target: string;
  /** The second argument. */
  readonly text?: string | undefined;
  /** The same with `-m`. */
  readonly message?: string | undefined;
  /** Also those that want no nudges. */
  readonly force?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/** What is typed when there is nothing to read. */
const pokeText = 'You are asked for a sign of life. Look at your hook and your inbox. Run: gt hook';

/** Somebody else types into the pane for so long at most, milliseconds; that is waited for. */
const lockPatienceMs = 2500;

/** What became of one target. */
type Nudged =
  | { readonly agent: Agent; readonly result: 'muted' }
  | {
      readonly agent: Agent;
      readonly result: Telling['result'];
      readonly telling: Telling;
      readonly message: string | null;
    };

/**
 * `gt nudge TARGET [MESSAGE]` (spec/agents.md §3.5). What an agent wrote is never typed into another's pane: the message
 * goes to the target's inbox, with priority high, and the pane gets the fixed line that counts what waits there. Exit 0
 * when every target was told or has the message; a deacon that does not run is skipped with exit 0, anybody else with 1;
 * 69 where it cannot be told whether they run.
 */
export async function nudgeCommand(options: NudgeOptions, context: Context): Promise<number> {
  const { town, target, force = false, json = false } = options;
  const message = messageIn(options);
  // A hook's greeting: the keeper sees by itself that somebody has started.
  if (message === 'session-started') {
    if (json) context.stdout(jsonText({ schema: 'gt.nudge/1', targets: [] }));
    return exitStatus.done;
  }
  const seen = await lookAtTown(town, context);
  const { root } = seen.at;
  const targets = targetsOf(target, around(seen, context));
  refuseUnseen(seen.sight.snapshot);
  const store = openStore(root, () => context.now().getTime());
  const nudged = await nudgeAll(targets, message ?? null, force, { seen, store, context });
  for (const one of nudged) log(one, seen, context);
  if (json) context.stdout(jsonText(document(nudged, seen)));
  else for (const one of nudged) tell(one, targets.group, seen, context);
  return exitOf(nudged, targets.group);
}

/** What is said, in one of the two forms; of two nobody knows which was meant. Undefined: only a sign of life is asked for. */
function messageIn({ text, message }: NudgeOptions): string | undefined {
  if (text !== undefined && message !== undefined)
    throw new Failure(
      'message-twice',
      exitStatus.failed,
      'message required: use -m flag or provide as second argument, not both.',
      'gt nudge --help',
    );
  const said = text ?? message;
  if (said !== undefined && said.trim() === '')
    throw new Failure('usage', exitStatus.usage, 'The message is empty.', 'gt nudge --help');
  return said;
}

async function nudgeAll(
  targets: Targets,
  message: string | null,
  force: boolean,
  { seen, store, context }: { readonly seen: TownSeen; readonly store: Store; readonly context: Context },
): Promise<readonly Nudged[]> {
  const muted = force ? new Set<string>() : await mutedAgents(store);
  const open = targets.agents.filter((agent) => !muted.has(agent.id));
  const running = open.filter((agent) => seen.findings.get(agent.id)?.liveness.is === 'alive');
  const sent = new Map<string, string>();
  if (message !== null)
    for (const agent of running) sent.set(agent.id, await send(message, agent, { seen, store, context }));
  const lines = await Promise.all(
    running.map(async (agent) => ({ agent, text: await textFor(agent, sent, store), why: 'nudge' })),
  );
  const tellings = await tellPatiently(lines, seen, context);
  return targets.agents.map((agent) => {
    if (muted.has(agent.id)) return { agent, result: 'muted' };
    const at = running.indexOf(agent);
    const telling = tellings[at] ?? unable(seen.findings.get(agent.id));
    return { agent, result: telling.result, telling, message: sent.get(agent.id) ?? null };
  });
}

/** Two who type into one pane wait for each other a little. */
async function tellPatiently(
  lines: Parameters<typeof tellPanes>[0],
  seen: TownSeen,
  context: Context,
): Promise<readonly Telling[]> {
  const begun = performance.now();
  const tellings = [...(await tellPanes(lines, seen, context))];
  while (performance.now() - begun < lockPatienceMs) {
    const again = tellings.flatMap((telling, at) =>
      telling.result === 'put-off' && telling.why === 'locked' ? [at] : [],
    );
    if (again.length === 0) break;
    await pause(100 + Math.random() * 200);
    const retold = await tellPanes(
      again.flatMap((at) => lines[at] ?? []),
      seen,
      context,
    );
    for (const [index, at] of again.entries())
      tellings[at] = retold[index] ?? tellings[at] ?? unable(undefined);
  }
  return tellings;
}

async function mutedAgents(store: Store): Promise<ReadonlySet<string>> {
  const records = await store.agents.list();
  const items = records.known ? records.value.items : [];
  return new Set(items.filter(({ notifications }) => notifications === 'muted').map(({ agent }) => agent));
}

/** The subject begins with our own word, so that no message passes for a request to the keeper. */
async function send(
  message: string,
  agent: Agent,
  { seen, store, context }: { readonly seen: TownSeen; readonly store: Store; readonly context: Context },
): Promise<string> {
  const draft = draftWith({
    from: senderHere(seen.at.root, context),
    to: mailboxOfAgent(agent),
    subject: `NUDGE: ${oneLine(message, 100)}`,
    body: message,
    priority: 'high',
  });
  const [delivered] = valueIn(await store.mail.send(draft));
  return delivered?.id ?? '';
}

async function textFor(agent: Agent, sent: ReadonlyMap<string, string>, store: Store): Promise<string> {
  const id = sent.get(agent.id);
  if (id === undefined) return pokeText;
  const count = await store.mail.count(mailboxOfAgent(agent));
  return nudgeText(count.known ? Math.max(1, count.value) : 1, id);
}

function tell(one: Nudged, group: boolean, { findings }: TownSeen, context: Context): void {
  const name = mailboxOfAgent(one.agent);
  if (one.result === 'muted') {
    context.stdout(`○ Target has DND enabled (muted) - nudge skipped: ${name}\n  Use --force to override\n`);
    return;
  }
  const { telling, message } = one;
  if (telling.result === 'told') {
    context.stdout(`✓ Nudged ${name}${message === null ? '' : `, message ${message}`}\n`);
    return;
  }
  const why = oneLine(telling.sentence, 400);
  if (one.agent.role === 'deacon' && telling.result === 'not-running') {
    context.stdout('○ Deacon not running, nudge skipped\n');
  } else if (telling.result === 'not-running' && group) {
    context.stdout(`○ ${name} not running, nudge skipped\n`);
  } else if (telling.result === 'not-running') {
    const session = findings.get(one.agent.id)?.session ?? name;
    context.stderr(
      `gt: session ${JSON.stringify(session)} not found: ${why}. Nothing was sent.\n    next: gt status\n`,
    );
  } else if (message !== null) {
    context.stdout(
      `○ ${name} not told yet (${reasonText(telling.why)}); the message ${message} waits in its inbox\n`,
    );
  } else {
    const next = telling.result === 'unknown' ? 'why' : 'peek';
    context.stderr(`gt: ${name} was not nudged: ${why}.\n    next: gt ${next} ${name}\n`);
  }
}

function log(one: Nudged, { at }: TownSeen, context: Context): void {
  if (one.result === 'muted' || (one.result === 'not-running' && one.message === null)) return;
  const by = oneLine(senderHere(at.root, context));
  const what = one.message === null ? 'a sign of life was asked for' : `the message ${one.message} was left`;
  const text = `${what} by ${by}: ${one.telling.result === 'told' ? 'told' : one.telling.why}`;
  logDeed(at, { kind: 'nudge', target: one.agent.id, text }, context);
}

function document(nudged: readonly Nudged[], { findings }: TownSeen): object {
  return {
    schema: 'gt.nudge/1',
    targets: nudged.map((one) => ({
      agent: one.agent.id,
      session: findings.get(one.agent.id)?.session ?? null,
      result: one.result,
      reason: 'telling' in one && one.telling.result !== 'told' ? one.telling.why : null,
      message: 'message' in one ? one.message : null,
    })),
  };
}

function exitOf(nudged: readonly Nudged[], group: boolean): number {
  const well = (one: Nudged) =>
    one.result === 'muted' ||
    one.result === 'told' ||
    one.message !== null ||
    (one.result === 'not-running' && (group || one.agent.role === 'deacon'));
  const bad = nudged.filter((one) => !well(one));
  if (bad.some(({ result }) => result === 'unknown')) return exitStatus.unavailable;
  return bad.length === 0 ? exitStatus.done : exitStatus.failed;
}
