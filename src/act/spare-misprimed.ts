import { runtimeOf } from '../agents/runtime.ts';
import type { Agent } from '../model/agent.ts';
import type { Outcome } from '../model/plan.ts';
import { runScript } from '../tmux/script.ts';
import type { KillAction } from './end-hung.ts';
import { skipped } from './outcome.ts';
import { lookAt, readLook } from './pane-look.ts';
import type { World } from './world.ts';

/**
 * Looks once more at the screens of agents that are to be ended because they never reported: only one that shows an empty
 * composer is; whoever works, asks, or has somebody's draft before it is left to people (design/failures.md F85).
 */
export async function spareMisprimed(
  going: readonly { readonly action: KillAction; readonly agent: Agent }[],
  world: World,
): Promise<readonly Outcome[]> {
  const asked = going.filter(({ action }) => action.why === 'misprimed');
  if (asked.length === 0) return [];
  const seen = await runScript(
    world.client,
    asked.map(({ action: { id, pane, panePid } }) => ({
      id,
      guard: { pane, panePid },
      commands: lookAt(pane),
    })),
    { startServer: false },
  );
  return asked.flatMap(({ action, agent }) => {
    const result = seen.find(({ id }) => id === action.id);
    const look = result?.result === 'ok' ? readLook(result.output, runtimeOf(world.config, agent)) : null;
    if (look === null) return [skipped(action, 'changed', 'its screen could not be looked at')];
    const { kind, detail } = look.screen;
    return kind === 'empty-composer'
      ? []
      : [skipped(action, 'changed', `its screen shows more than an empty composer (${kind}: ${detail})`)];
  });
}
