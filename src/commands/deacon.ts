import { readClock } from '../observe/clock.ts';
import { readJson, writeJson } from '../persist/json.ts';
import { findTown } from '../town/find.ts';
import { layout } from '../town/layout.ts';
import type { Context } from './context.ts';

export interface HeartbeatOptions {
  readonly town?: string | undefined;
  readonly action?: readonly string[] | undefined;
}

/**
 * `gt deacon heartbeat [ACTION…]`: the deacon shows that it lives (spec/agents.md §1.4, spec/tick.md §2.6).
 * A missing, torn or foreign file starts again at cycle 1.
 */
export function heartbeatCommand({ town, action = [] }: HeartbeatOptions, context: Context): number {
  const { deaconHeartbeatFile: path, testMarker } = layout(
    findTown({ town, env: context.env, cwd: context.cwd }),
  );
  const { wall } = readClock({ env: context.env, testMarker });
  const words = action.join(' ');
  writeJson(
    path,
    {
      timestamp: new Date(wall).toISOString(),
      cycle: previousCycle(path) + 1,
      ...(words === '' ? {} : { last_action: words }),
      healthy_agents: 0,
      unhealthy_agents: 0,
    },
    { fsync: false },
  );
  context.stdout(words === '' ? '✓ Heartbeat updated\n' : `✓ Heartbeat updated: ${words}\n`);
  return 0;
}

function previousCycle(path: string): number {
  const read = readJson(path);
  if (read.kind !== 'ok' || typeof read.value !== 'object' || read.value === null) return 0;
  const cycle = 'cycle' in read.value ? read.value.cycle : 0;
  return typeof cycle === 'number' && Number.isSafeInteger(cycle) && cycle > 0 ? cycle : 0;
}
