import { exitStatus, Failure } from '../../exit.ts';
import { readClock } from '../../observe/clock.ts';
import { readJson, writeJson } from '../../persist/json.ts';
import { jsonText } from '../../show/json.ts';
import { parseDuration } from '../../town/duration.ts';
import { findTown } from '../../town/find.ts';
import { layout } from '../../town/layout.ts';
import type { Context } from '../context.ts';

const longestWaitMs = 24 * 60 * 60_000;

export interface HeartbeatOptions {
  readonly town?: string | undefined;
  readonly action?: readonly string[] | undefined;
  /** How long it means to wait from now on, such as `30m`. */
  readonly await?: string | undefined;
  readonly json?: boolean | undefined;
}

/**
 * `gt deacon heartbeat [ACTION…]`: the deacon shows that it lives (spec/agents.md §1.4, spec/tick.md §2.6).
 * A missing, torn or foreign file starts again at cycle 1.
 */
export function heartbeatCommand(
  { town, action = [], await: waits, json = false }: HeartbeatOptions,
  context: Context,
): number {
  const waitMs = waits === undefined ? null : lengthNamed(waits);
  const { deaconHeartbeatFile: path, testMarker } = layout(
    findTown({ town, env: context.env, cwd: context.cwd }),
  );
  const { wall } = readClock(context, { testMarker });
  const words = action.join(' ');
  const heartbeat = {
    timestamp: new Date(wall).toISOString(),
    cycle: previousCycle(path) + 1,
    ...(words === '' ? {} : { last_action: words }),
    ...(waitMs === null ? {} : { await_until: new Date(wall + waitMs).toISOString() }),
    healthy_agents: 0,
    unhealthy_agents: 0,
  };
  writeJson(path, heartbeat, { fsync: false });
  if (json) context.stdout(jsonText({ schema: 'gt.deacon.heartbeat/1', ...heartbeat }));
  else context.stdout(words === '' ? '✓ Heartbeat updated\n' : `✓ Heartbeat updated: ${words}\n`);
  return 0;
}

function lengthNamed(text: string): number {
  const ms = parseDuration(text);
  if (ms !== null && ms > 0 && ms <= longestWaitMs) return ms;
  throw new Failure(
    'usage',
    exitStatus.usage,
    `--await takes a length of time such as 30m, at most 24h, not ${JSON.stringify(text)}.`,
    'gt deacon heartbeat --help',
  );
}

function previousCycle(path: string): number {
  const read = readJson(path);
  if (read.kind !== 'ok' || typeof read.value !== 'object' || read.value === null) return 0;
  const cycle = 'cycle' in read.value ? read.value.cycle : 0;
  return typeof cycle === 'number' && Number.isSafeInteger(cycle) && cycle > 0 ? cycle : 0;
}
