import type { Agent } from '../model/agent.ts';
import type { Pane } from '../model/pane.ts';
import type { Action, Evidence, Outcome } from '../model/plan.ts';
import { signsOf } from '../observe/signs.ts';
import { listPanes } from '../tmux/panes.ts';
import { allowed } from './allowed.ts';
import { failed, skipped, succeeded } from './outcome.ts';
import { spareMisprimed } from './spare-misprimed.ts';
import { type Stop, stopAgents } from './stop-agents.ts';
import { recordWorkspaces } from './workspace-record.ts';
import type { World } from './world.ts';

export type KillAction = Extract<Action, { kind: 'kill' }>;

/**
 * Ends agents that the settings allow to be ended; their panes stay for successors. Each is looked at once more just before:
 * one that has shown life since it was decided, or has somebody at its pane, lives on (F19).
 */
export async function endHung(actions: readonly KillAction[], world: World): Promise<readonly Outcome[]> {
  const first = allowed(actions, world);
  if (first.go.length === 0) return first.outcomes;
  // Before the last look, so that nothing takes time between that look and the end. Somebody may have held one meanwhile.
  await recordWorkspaces(first.go, world);
  const { go, outcomes: kept } = allowed(
    first.go.map(({ action }) => action),
    world,
  );
  const outcomes = [...first.outcomes, ...kept];
  const busy = await spareMisprimed(go, world);
  const listed = await listPanes(world.client);
  const spared = go.flatMap(({ action, agent }) => {
    const left = busy.find((outcome) => outcome.action === action.id);
    if (left !== undefined) return [left];
    const why = listed.known
      ? whatSpares(action, agent, listed.value.kind === 'absent' ? [] : listed.value.panes, world)
      : `its pane cannot be looked at: ${listed.reason}`;
    return why === null ? [] : [skipped(action, 'changed', why)];
  });
  const stops = new Map(
    go
      .filter(({ action }) => spared.every((outcome) => outcome.action !== action.id))
      .map(({ action, agent }): [Stop, KillAction] => {
        const { session, pane, panePid } = action;
        return [{ agent, session, pane, panePid, keepPane: true }, action];
      }),
  );
  const stopped = await stopAgents([...stops.keys()], world);
  const done = [...stops].map(([stop, action]) => {
    const trouble = stopped.get(stop);
    return trouble == null ? succeeded(action) : failed(action, trouble, 'survived');
  });
  return [...outcomes, ...spared, ...done];
}

/** What speaks against ending it by now; null: it is as silent as it was. */
function whatSpares(
  { pane, evidence }: KillAction,
  agent: Agent,
  panes: readonly Pane[],
  { layout }: World,
): string | null {
  const there = panes.find((one) => one.pane === pane);
  if (there === undefined) return null;
  if (there.attached > 0) return 'somebody is attached to its session';
  if (isNewer(there.activity * 1000, evidence.output)) return 'its pane has printed something since';
  const { stamp } = signsOf(layout, agent);
  if (!stamp.known) return `its signs of life cannot be read: ${stamp.reason}`;
  return isNewer(stamp.value, evidence.stamp) ? 'it has shown life since' : null;
}

function isNewer(now: number | null, then: Evidence[string] | undefined): boolean {
  return now !== null && (typeof then !== 'string' || now > Date.parse(then));
}
