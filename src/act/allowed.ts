import type { Agent } from '../model/agent.ts';
import type { Action, Outcome } from '../model/plan.ts';
import type { Hold } from '../model/rig.ts';
import { holdOn } from '../town/hold-scope.ts';
import { skipped } from './outcome.ts';
import type { World } from './world.ts';

/** Actions that may go on, each with its agent, and the outcomes of those that may not. */
export interface Allowed<A extends Action> {
  readonly go: readonly { readonly action: A; readonly agent: Agent }[];
  readonly outcomes: readonly Outcome[];
}

/**
 * Stop means stop: the holds and the time left are read again immediately before a batch takes effect.
 * Holds that cannot be read stop everything.
 */
export function allowed<A extends Action>(actions: readonly A[], world: World): Allowed<A> {
  const holds = world.holdsNow();
  const go: { action: A; agent: Agent }[] = [];
  const outcomes: Outcome[] = [];
  for (const action of actions) {
    const agent = world.agents.find((candidate) => candidate.id === action.agent);
    const hold = holds.known && agent !== undefined ? holdOn(holds.value, agent) : null;
    if (world.deadline() <= 0) outcomes.push(skipped(action, 'time', 'the time of this pass is used up'));
    else if (!holds.known)
      outcomes.push(skipped(action, 'holds-unknown', `the holds cannot be read: ${holds.reason}`));
    else if (agent === undefined)
      outcomes.push(skipped(action, 'no-such-agent', `there is no agent ${action.agent} any more`));
    else if (hold !== null && !isItsOwn(hold, action))
      outcomes.push(skipped(action, 'held', `held by ${hold.by} (${hold.kind}): ${hold.reason}`));
    else go.push({ action, agent });
  }
  return { go, outcomes };
}

/** The hold of a shutdown is made before the shutdown is carried out. */
function isItsOwn(hold: Hold, action: Action): boolean {
  return hold.kind === 'shutdown' && action.kind === 'settle' && action.deed === 'shutdown';
}
