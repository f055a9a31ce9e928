import { draftWith } from '../model/message.ts';
import type { Action, Outcome } from '../model/plan.ts';
import { type NudgeAction, nudgeAgents } from './nudge.ts';
import { failed, skipped, succeeded } from './outcome.ts';
import type { World } from './world.ts';

export type WakeAction = Extract<Action, { kind: 'mail' }>;

/** What an agent reads in its pane when its timer has run out. */
const wakeText = 'WAKE: a timer you set has run out. Run: gt mail inbox';

/**
 * Wakes agents whose timers have run out (spec/agents.md §2.8): claim the timer, send `WAKE`, settle it, then one line
 * in the pane. A timer that an interrupted pass had claimed is sent only if no `WAKE` answers it yet. `nudged` are the
 * panes that this pass nudges anyway: one line in each is enough. A line that was put off leaves the outcome ok, since the
 * mail is there, and is told in its `error`.
 */
export async function wakeAgents(
  actions: readonly WakeAction[],
  world: World,
  nudged: ReadonlySet<string>,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const action of actions) outcomes.push(await wake(action, world));
  const woken = actions.filter((action) =>
    outcomes.some(({ action: id, result }) => id === action.id && result === 'ok'),
  );
  const lines = onePerPane(woken.flatMap(nudgeFor), nudged);
  const said = new Map((await nudgeAgents(lines, world)).map((outcome) => [outcome.action, outcome]));
  return outcomes.map((outcome) => {
    const line = said.get(outcome.action);
    return line === undefined || line.result === 'ok'
      ? outcome
      : {
          ...outcome,
          error: `The mail was sent; nothing was said in its pane: ${line.error ?? line.reason ?? ''}.`,
        };
  });
}

async function wake(action: WakeAction, world: World): Promise<Outcome> {
  const { mail } = world.store;
  if (!action.resumed) {
    const claimed = await mail.claim(action.message, 'keeper');
    if (!claimed.known) return failed(action, `the timer cannot be claimed: ${claimed.reason}`, 'store');
    if (claimed.value.kind !== 'claimed') return skipped(action, 'taken', 'the timer is no longer waiting');
  }
  const answered = action.resumed ? await isAnswered(action, world) : false;
  if (answered === null) return failed(action, 'the mailbox cannot be read', 'store');
  if (!answered) {
    const { mailbox: to, message: replyTo } = action;
    const wake = draftWith({ from: 'deacon/', to, subject: 'WAKE', body: 'Timer fired', replyTo });
    const sent = await mail.send(wake);
    if (!sent.known) return failed(action, `the wake mail could not be sent: ${sent.reason}`, 'store');
  }
  const settled = await mail.settleClaimed(action.message, { outcome: 'fired', by: 'keeper', reason: null });
  return settled.known
    ? succeeded(action)
    : failed(action, `the timer could not be settled: ${settled.reason}`, 'store');
}

/** Has a `WAKE` for this timer been delivered? Null: unknown. */
async function isAnswered({ mailbox, message }: WakeAction, { store }: World): Promise<boolean | null> {
  const waiting = await store.mail.inbox(mailbox);
  const read = await store.mail.history(mailbox, 200);
  if (!waiting.known || !read.known) return null;
  const all = [...waiting.value.items, ...read.value.items.map((held) => held.message)];
  return all.some(({ replyTo }) => replyTo === message);
}

function onePerPane(nudges: readonly NudgeAction[], nudged: ReadonlySet<string>): readonly NudgeAction[] {
  const taken = new Set(nudged);
  return nudges.filter(({ pane }) => {
    const free = !taken.has(pane);
    taken.add(pane);
    return free;
  });
}

function nudgeFor({ id, agent, session, pane, panePid, why, evidence }: WakeAction): readonly NudgeAction[] {
  if (pane === null || panePid === null) return [];
  return [{ kind: 'nudge', id, agent, session, pane, panePid, text: wakeText, finish: false, why, evidence }];
}
