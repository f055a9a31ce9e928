import { keepLastScreens, type Looked } from './last-screens.ts';
import type { StartAction } from './start.ts';
import { syncAll } from './sync-workspaces.ts';
import { recordWorkspaces } from './workspace-record.ts';
import type { World } from './world.ts';

/**
 * What comes before agents that died are started again: their last screens are kept, what their workspaces hold is written
 * down (F29), and those of crashed polecats are brought up to date as far as that hurts nothing (spec/tick.md §6.7, §7.4).
 * By action id: what people should know.
 */
export async function prepareStarts(
  starts: readonly StartAction[],
  world: World,
): Promise<Looked & { readonly warnings: ReadonlyMap<string, string> }> {
  const looked = await keepLastScreens(starts, world);
  const errands = looked.go.flatMap((action) => {
    const agent = world.agents.find(({ id }) => id === action.agent);
    return agent === undefined ? [] : [{ action, agent }];
  });
  const unread = await recordWorkspaces(errands, world);
  const crashed = errands.filter(({ agent }) => agent.role === 'polecat');
  return { ...looked, warnings: await syncAll(crashed, world, unread) };
}
