import { existsSync } from 'node:fs';
import { type Answer, askGate } from '../../due.ts';
import { exitStatus, Failure } from '../../exit.ts';
import type { PassReason } from '../../model/pass-report.ts';
import { readClock } from '../../observe/clock.ts';
import { armFaults } from '../../persist/fault.ts';
import { acquireLock } from '../../persist/lock.ts';
import type { Busy } from '../../persist/lock-standing.ts';
import { jsonText } from '../../show/json.ts';
import { noPassReport } from '../../show/no-pass.ts';
import { notDueText } from '../../show/time.ts';
import { findTown } from '../../town/find.ts';
import { type Layout, layout } from '../../town/layout.ts';
import { shellWord } from '../../town/shell-word.ts';
import { type Context, processContext } from '../context.ts';
import type { Order } from './decision.ts';
import { notDueReport } from './not-due.ts';
import { dryRun, runPass } from './pass.ts';

export interface TickOptions {
  readonly town?: string | undefined;
  readonly force: boolean;
  readonly dryRun: boolean;
  /** Any spelling of an agent's identity. Implies `force`. */
  readonly only?: string | undefined;
  readonly json: boolean;
}

/** How long a tick waits for somebody who does one thing by hand, milliseconds: no word to cron about that. */
const requestMs = 10_000;

/** What schedulers call: `gt tick`, at most with `--town`. The front door has asked the gate already. */
export function scheduledTick(town: string | null): Promise<number> {
  const options = { town: town ?? undefined, force: false, dryRun: false, json: false };
  return tickCommand(options, processContext());
}

/**
 * `gt tick`: gate → lock → the pass (design: one pass). What a healthy pass needs is loaded at once, as one file; the rest
 * where it is needed.
 */
export async function tickCommand(options: TickOptions, context: Context): Promise<number> {
  const at = layout(
    findTown({ town: options.town, env: context.env, cwd: context.cwd, reading: options.dryRun }),
  );
  armFaults(existsSync(at.testMarker), context.env);
  const now = readClock(context, at);
  const asked = options.force || options.dryRun || options.only !== undefined;
  const answer = askGate(at.root, now.wall, now.boot);
  if (!asked && !answer.due) return notDue(at, answer, now.wall, options, context);
  const order: Order = {
    layout: at,
    now,
    reason: asked ? 'forced' : reasonOf(answer),
    dryRun: options.dryRun,
    only: options.only ?? null,
    part: asked ? 'all' : partOf(answer),
    json: options.json,
  };
  if (options.dryRun) return dryRun(order, context);
  let lock = acquireLock(at.lockFile, { since: new Date(now.wall).toISOString() });
  if (lock.kind === 'busy' && isShort(lock)) {
    const { lockWithin } = await import('./lock-within.ts');
    ({ lock } = await lockWithin(requestMs, 'gt tick', at, context));
  }
  if (lock.kind === 'busy') return busy(at.root, lock, options, context);
  const afterwards: (() => Promise<void>)[] = [];
  let exit: number;
  try {
    // Whoever had the lock while we waited has left later times behind than the ones we came with.
    const begun = readClock(context, at);
    const again = askGate(at.root, begun.wall, begun.boot);
    if (!asked && !again.due) return notDue(at, again, begun.wall, options, context);
    if (!asked && again.why === 'touched') {
      const { requestWaitsInBeads } = await import('./look-for-requests.ts');
      if (!(await requestWaitsInBeads(at, context))) return notDue(at, again, begun.wall, options, context);
    }
    const current = {
      ...order,
      now: begun,
      later: (task: () => Promise<void>) => {
        afterwards.push(task);
      },
      ...(asked ? {} : { reason: reasonOf(again), part: partOf(again) }),
    };
    exit = await runPass(current, lock.recovered, context);
  } finally {
    lock.release();
  }
  for (const task of afterwards) await task();
  return exit;
}

function reasonOf({ why }: Answer): PassReason {
  if (why === 'touched') return 'lifecycle';
  return why === 'first' || why === 'lifecycle' ? why : 'due';
}

/** Whoever answers requests, starts or stops somebody is done in seconds; another tick does our work. */
function isShort({ owner }: Busy): boolean {
  return owner !== null && owner.command !== 'gt tick';
}

/** A request that waits between two heartbeats is answered at once; it does not make the next heartbeat earlier or later. */
function partOf({ why }: Answer): Order['part'] {
  return why === 'lifecycle' || why === 'touched' ? 'lifecycle' : 'all';
}

/** Also for a tick that found the lock free because another one has just done the pass. */
function notDue(
  at: Layout,
  { at: next }: Answer,
  now: number,
  { json }: TickOptions,
  context: Context,
): number {
  if (json) context.stdout(jsonText(notDueReport(at, next, now)));
  else if (context.isTerminal)
    context.stdout(notDueText(next === null ? null : new Date(next), new Date(now)));
  return exitStatus.done;
}

/** Names who works here, since when, and how to look (design/anchors.md §6.2). */
export function busy(
  town: string,
  { message, owner, since, why }: Busy,
  { json }: Pick<TickOptions, 'json'>,
  context: Context,
): number {
  const look = why === 'blank' ? 'gt doctor --fix' : 'gt status';
  if (!json) throw new Failure('busy', exitStatus.busy, message, `${look} --town ${shellWord(town)}`);
  const holder = owner === null ? null : { pid: owner.pid, host: owner.host, command: owner.command, since };
  context.stdout(jsonText({ ...noPassReport(town, 'busy', null, exitStatus.busy), holder, message }));
  return exitStatus.busy;
}
