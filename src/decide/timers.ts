import type { Message } from '../model/message.ts';
import type { Action, Note } from '../model/plan.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { mailboxOfAgent } from '../town/mailbox.ts';
import { resolveIdentity } from '../town/resolve.ts';
import type { View } from './rule.ts';
import { parseTimer } from './wake-timer.ts';

/**
 * Timers in the keeper's mailbox whose time has come become a `WAKE` mail; those to come say when they will
 * (spec/agents.md §2.8). What cannot be read, or names nobody, is left to the deacon.
 */
export function dueTimers(
  { keeper, rigs, now }: Snapshot,
  views: readonly View[],
): { readonly actions: readonly Action[]; readonly notes: readonly Note[] } {
  const actions: Action[] = [];
  const notes: Note[] = [];
  if (!keeper.known || !rigs.known) return { actions, notes };
  const byId = new Map(views.map((view) => [view.agent.id, view]));
  const consider = (message: Message, resumed: boolean) => {
    const timer = parseTimer(message);
    if (timer.kind !== 'timer') return;
    const resolved = resolveIdentity(timer.agent, rigs.value);
    const view = resolved.kind === 'agent' ? byId.get(resolved.agent.id) : undefined;
    if (view === undefined) return;
    const at = new Date(timer.at).toISOString();
    if (timer.at > now.wall && !resumed) {
      notes.push({
        agent: view.agent.id,
        rule: 'timer',
        why: 'timer',
        until: at,
        evidence: { timer: message.id },
      });
      return;
    }
    const alive = view.liveness.is === 'alive' && view.hold === null ? view.liveness : null;
    actions.push({
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
    });
  };
  for (const message of keeper.value.waiting) consider(message, false);
  for (const message of keeper.value.claimed) consider(message, true);
  return { actions, notes };
}
