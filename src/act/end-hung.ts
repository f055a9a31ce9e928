import type { Action, Outcome } from '../model/plan.ts';
import { allowed } from './allowed.ts';
import { failed, succeeded } from './outcome.ts';
import { type Stop, stopAgents } from './stop-agents.ts';
import type { World } from './world.ts';

export type KillAction = Extract<Action, { kind: 'kill' }>;

/** Ends agents that the settings allow to be ended, each once more looked at just before; their panes stay for successors. */
export async function endHung(actions: readonly KillAction[], world: World): Promise<readonly Outcome[]> {
  const { go, outcomes } = allowed(actions, world);
  const stops = new Map(
    go.map(({ action, agent }): [Stop, KillAction] => {
      const { session, pane, panePid } = action;
      return [{ agent, session, pane, panePid, keepPane: true }, action];
    }),
  );
  const stopped = await stopAgents([...stops.keys()], world);
  const done = [...stops].map(([stop, action]) => {
    const trouble = stopped.get(stop);
    return trouble == null ? succeeded(action) : failed(action, trouble, 'survived');
  });
  return [...outcomes, ...done];
}
