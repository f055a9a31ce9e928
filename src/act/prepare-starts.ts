import { keepLastScreens, type Looked } from './last-screens.ts';
import type { StartAction } from './start.ts';
import { syncAll } from './sync-workspaces.ts';
import type { World } from './world.ts';

/**
 * What comes before agents that died are started again: their last screens are kept, and workspaces of crashed polecats are
 * brought up to date as far as that hurts nothing (spec/tick.md §6.7, §7.4). By action id: what people should know.
 */
export async function prepareStarts(
  starts: readonly StartAction[],
  world: World,
): Promise<Looked & { readonly warnings: ReadonlyMap<string, string> }> {
  const looked = await keepLastScreens(starts, world);
  const crashed = looked.go.flatMap((action) => {
    const agent = world.agents.find(({ id }) => id === action.agent);
    return agent?.role === 'polecat' ? [{ action, agent }] : [];
  });
  return { ...looked, warnings: await syncAll(crashed, world) };
}
