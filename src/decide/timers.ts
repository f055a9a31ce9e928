import type { Message } from '../model/message.ts';
import type { Rig } from '../model/rig.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { mailboxOfAgent } from '../town/mailbox.ts';
import { resolveIdentity } from '../town/resolve.ts';
import type { Occasion } from './judge.ts';
import type { View } from './rule.ts';
import { parseTimer, type WakeTimer } from './wake-timer.ts';

/**
 * Timers in the keeper's mailbox whose time has come become a `WAKE` mail; those to come say when they will
 * (spec/agents.md §2.8). What cannot be read, or names nobody, is left to the deacon, and a warning says so.
 */
export function dueTimers(
  { keeper, rigs, holds, now }: Snapshot,
  views: readonly View[],
  careful: boolean,
): readonly Occasion[] {
  const occasions: Occasion[] = [];
  if (!keeper.known || !rigs.known) return occasions;
  const byId = new Map(views.map((view) => [view.agent.id, view]));
  let hopeless = 0;
  const consider = (message: Message, resumed: boolean) => {
    const timer = parseTimer(message);
    if (timer.kind === 'not-a-timer') return;
    const why = hopelessTimer(timer, rigs.value);
    if (why !== null && hopeless < mostTold) occasions.push(untimed(message, why));
    if (why !== null) hopeless += 1;
    if (why !== null || timer.kind !== 'timer') return;
    const resolved = resolveIdentity(timer.agent, rigs.value);
    const view = resolved.kind === 'agent' ? byId.get(resolved.agent.id) : undefined;
    if (view === undefined) return;
    const at = new Date(timer.at).toISOString();
    if (timer.at > now.wall && !resumed) {
      const note = {
        agent: view.agent.id,
        rule: 'timer',
        why: 'timer',
        until: at,
        evidence: { timer: message.id },
      };
      occasions.push({ agent: view.agent.id, verdict: { note } });
      return;
    }
    const free = holds.known && view.hold === null && !careful;
    const alive = free && view.liveness.is === 'alive' ? view.liveness : null;
    const action = {
      kind: 'mail',
      id: `mail:${message.id}`,
      agent: view.agent.id,
      session: view.session,
      message: message.id,
      mailbox: mailboxOfAgent(view.agent),
      resumed,
      pane: alive?.pane ?? null,
      panePid: alive?.panePid ?? null,
      why: 'timer',
      evidence: { timer: message.id, at },
    } as const;
    occasions.push({ agent: view.agent.id, verdict: { action } });
  };
  for (const message of keeper.value.waiting) consider(message, false);
  for (const message of keeper.value.claimed) consider(message, true);
  return occasions;
}

/** Warned of in one pass. */
const mostTold = 5;

/** Why a timer will never wake anybody; null: it will. */
export function hopelessTimer(timer: WakeTimer, rigs: readonly Rig[]): string | null {
  if (timer.kind === 'unreadable') return timer.why;
  if (timer.kind === 'not-a-timer') return null;
  const resolved = resolveIdentity(timer.agent, rigs);
  if (resolved.kind === 'agent') return null;
  const name = plainly(timer.agent);
  return resolved.kind === 'unknown'
    ? `there is no agent ${name}${resolved.nearest === null ? '' : `; did it mean ${resolved.nearest}`}`
    : `${name} may be ${resolved.candidates.join(' or ')}`;
}

/** Who sent it, and what is wrong, are the same from pass to pass, so that it is told once. */
function untimed({ from }: Message, why: string): Occasion {
  const message = `A timer of ${plainly(from)} wakes nobody: ${why}. The deacon has it as mail: gt mail inbox deacon/`;
  return { agent: 'deacon', verdict: { warning: { code: 'timer-hopeless', message } } };
}

/** A name that somebody else wrote: names are of plain letters. */
function plainly(name: string): string {
  return name.slice(0, 80).replaceAll(/[^\u0021-\u007e]/g, '�');
}
