import { askGate } from '../../due.ts';
import { exitStatus } from '../../exit.ts';
import { readClock } from '../../observe/clock.ts';
import { jsonText } from '../../show/json.ts';
import { openStore } from '../../store/open.ts';
import type { Layout } from '../../town/layout.ts';
import type { Context } from '../context.ts';
import type { Order } from '../tick/decision.ts';
import { lockWithin, processing } from '../tick/lock-within.ts';
import { notDueReport } from '../tick/not-due.ts';
import { busy } from '../tick/tick.ts';
import { lifecycleDesk, secondsIn } from './desk.ts';

export interface ProcessOptions {
  readonly town?: string | undefined;
  /** Seconds; 10 when missing. */
  readonly wait?: string | undefined;
  readonly dryRun: boolean;
  readonly json: boolean;
}

/**
 * `gt lifecycle process`: the part of a pass that answers requests, alone, under the same lock. Waits a while for a tick
 * that is at work; exit 75 when that one does not end, since the next one will see the request too.
 */
export async function processCommand(options: ProcessOptions, context: Context): Promise<number> {
  const { town, dryRun, json } = options;
  const patienceMs = secondsIn(options.wait, 10, 'lifecycle process');
  const { at } = lifecycleDesk(town, context);
  if (dryRun) return (await import('../tick/pass.ts')).dryRun(orderOf(at, options, context), context);
  const { lock, waited } = await lockWithin(patienceMs, processing, at, context);
  if (lock.kind === 'busy') return busy(at.root, lock, options, context);
  try {
    const order = orderOf(at, options, context);
    if (!waited || (await somethingWaits(at, order, context)))
      return await (await import('../tick/pass.ts')).runPass(order, lock.recovered, context);
  } finally {
    lock.release();
  }
  if (json) context.stdout(jsonText(notNeeded(at, context)));
  return exitStatus.done;
}

/** The clock is read once the lock is ours: waiting for it is no part of the pass. */
function orderOf(at: Layout, { dryRun, json }: ProcessOptions, { env }: Context): Order {
  const now = readClock({ env }, at);
  return { layout: at, now, reason: 'lifecycle', dryRun, only: null, part: 'lifecycle', json };
}

/** Whoever held the lock may have answered our request along with its own. */
async function somethingWaits({ root }: Layout, { now }: Order, context: Context): Promise<boolean> {
  const stored = await openStore(root, () => now.wall, { env: context.env }).overview();
  return !stored.known || stored.value.protocol.length > 0 || stored.value.claimed.length > 0;
}

function notNeeded(at: Layout, { env }: Context): object {
  const { wall, boot } = readClock({ env }, at);
  return notDueReport(at, askGate(at.root, wall, boot).at, wall);
}
