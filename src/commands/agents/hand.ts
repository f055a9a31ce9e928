import { existsSync } from 'node:fs';
import type { World } from '../../act/world.ts';
import { decide } from '../../decide/decide.ts';
import type { Orderer } from '../../decide/hold-rights.ts';
import { exitStatus, Failure } from '../../exit.ts';
import type { Instant } from '../../model/instant.ts';
import type { Plan } from '../../model/plan.ts';
import type { State } from '../../model/state.ts';
import { readClock } from '../../observe/clock.ts';
import { armFaults } from '../../persist/fault.ts';
import { randomToken } from '../../persist/leftovers.ts';
import { type LoadedState, loadState } from '../../persist/state.ts';
import type { TmuxClient } from '../../tmux/client.ts';
import type { Layout } from '../../town/layout.ts';
import type { Context } from '../context.ts';
import { ordererOf } from '../operator/hold-rights.ts';
import type { Decided, Order } from '../tick/decision.ts';
import { lockWithin } from '../tick/lock-within.ts';
import { startLimits } from '../tick/pass-limits.ts';
import { lookAround, type Sight } from '../tick/sight.ts';
import { worldOf } from '../tick/world.ts';
import { memoryOf } from './memory.ts';

/** The town as a command finds it that is about to act by itself. */
export interface Hand extends Looked {
  /** The command, for the record. */
  readonly command: string;
  readonly client: TmuxClient;
  readonly world: World;
  /** What is remembered by now, and what the next save follows on. */
  state: State;
  kept: LoadedState['kept'];
}

/** The town as a command sees it that only looks. */
export interface Looked {
  readonly at: Layout;
  readonly context: Context;
  /** Who runs the command. */
  readonly orderer: Orderer;
  readonly order: Order;
  readonly loaded: LoadedState;
  readonly sight: Sight;
  /** How everybody was found. It plans nothing. */
  readonly plan: Plan;
  readonly pass: string;
}

/** How long a command waits for a tick that is at work: longer than a pass may take. Milliseconds. */
const patienceMs = 60_000;
/** How long a command's own acts may take. Milliseconds. */
const actMs = 120_000;

/**
 * Acts on agents as a tick would, under the same lock, from the same sight and with the same memory, so that the next
 * pass finds what it would have found after its own deeds. It is no heartbeat. Signals end it between two deeds.
 * Throws a {@link Failure} when somebody holds the lock for too long (75) or the town cannot be acted on (69).
 */
export async function byHand<T>(
  at: Layout,
  command: string,
  context: Context,
  deed: (hand: Hand) => Promise<T>,
): Promise<T> {
  armFaults(existsSync(at.testMarker), context.env);
  const { lock } = await lockWithin(patienceMs, command, at, context);
  if (lock.kind === 'busy') throw new Failure('busy', exitStatus.busy, lock.message, 'gt status');
  const limits = startLimits();
  try {
    const looked = await lookAt(at, context, { look: false });
    const { sight, order } = looked;
    const [obstacle] = sight.snapshot.obstacles;
    if (obstacle !== undefined)
      throw new Failure(
        obstacle.code,
        obstacle.exit === 69 ? exitStatus.unavailable : exitStatus.failed,
        obstacle.message,
        'gt status',
      );
    const { client } = sight;
    if (client === null) throw new TypeError('there is no tmux and nobody said so');
    limits.allow(actMs);
    const acting = { layout: at, now: order.now, left: limits.left, pass: looked.pass };
    const world = worldOf(sight, client, acting, context);
    return await deed({
      ...looked,
      command,
      client,
      world,
      state: memoryOf(looked),
      kept: looked.loaded.kept,
    });
  } finally {
    limits.lift();
    lock.release();
  }
}

/** Looks at the town. With `look` nothing is moved or written, not even a damaged state. */
export async function lookAt(
  at: Layout,
  context: Context,
  { look = true }: { readonly look?: boolean } = {},
): Promise<Looked> {
  const now: Instant = readClock(context, at);
  const loaded = loadState(at, { look });
  const sight = await lookAround(at, now, loaded.state, context);
  const pass = `${new Date(now.wall).toISOString()}-${randomToken().slice(0, 4)}`;
  const plan = decide(sight.snapshot, loaded.state, sight.config, {
    pass,
    careful: loaded.careful,
    only: nobody,
    part: 'lifecycle',
  });
  const order: Order = {
    layout: at,
    now,
    reason: 'forced',
    dryRun: look,
    only: null,
    part: 'lifecycle',
    json: false,
  };
  return { at, context, orderer: ordererOf(at, context), order, loaded, sight, plan, pass };
}

/** No agent has this id, so no rule may act. */
export const nobody = '';

/** What {@link Looked} and a plan of one's own are to those who report and record. */
export function decidedOf({ pass, loaded, sight }: Looked, plan: Plan): Decided {
  return { pass, loaded, sight, plan, warnings: [...loaded.warnings, ...sight.warnings] };
}
