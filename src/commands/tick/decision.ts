import { decide } from '../../decide/decide.ts';
import type { Instant } from '../../model/instant.ts';
import type { PassReason, PassReport } from '../../model/pass-report.ts';
import type { Outcome, Plan } from '../../model/plan.ts';
import type { Snapshot, Warning } from '../../model/snapshot.ts';
import { stopwatch } from '../../observe/clock.ts';
import { randomToken } from '../../persist/leftovers.ts';
import type { Owner } from '../../persist/lock-owner.ts';
import { type LoadedState, loadState } from '../../persist/state.ts';
import { passReport } from '../../show/pass-report.ts';
import type { Layout } from '../../town/layout.ts';
import type { Context } from '../context.ts';
import { lookAround, type Sight } from './sight.ts';

/** One pass as it was asked for. */
export interface Order {
  readonly layout: Layout;
  readonly now: Instant;
  readonly reason: PassReason;
  readonly dryRun: boolean;
  readonly only: string | null;
  /** `lifecycle`: answer requests; everything else, and when it is due, is left to the next heartbeat. */
  readonly part: 'all' | 'lifecycle';
  readonly json: boolean;
  /** Takes what is to be done when the lock is free again. */
  readonly later?: (task: () => Promise<void>) => void;
}

/** Everything up to the decision: a dry run ends here. */
export interface Decided {
  readonly pass: string;
  readonly loaded: LoadedState;
  readonly sight: Sight;
  readonly plan: Plan;
  readonly warnings: readonly Warning[];
}

/** Load → observe → decide. `deadOwner` is the killed tick whose lock this one took over. */
export async function decideNow(
  order: Order,
  context: Context,
  deadOwner: Owner | null = null,
): Promise<Decided> {
  const { layout, now, dryRun: look } = order;
  const beside = look ? await besideAPass(layout, new Date(now.wall)) : null;
  let read = beside?.loaded;
  const load = (): LoadedState => {
    read ??= loadState(layout);
    return read;
  };
  const sight = await lookAround(layout, now, () => load().state, context, { keep: !look });
  const loaded = load();
  const pass = `${new Date(now.wall).toISOString()}-${randomToken().slice(0, 4)}`;
  const only =
    order.only === null ? null : (await import('../agent-named.ts')).agentNamed(order.only, sight.snapshot);
  const plan = decide(sight.snapshot, loaded.state, sight.config, {
    pass,
    careful: loaded.careful,
    only,
    part: order.part,
  });
  const warnings = [
    ...recovered(deadOwner),
    ...(beside?.warnings ?? []),
    ...loaded.warnings,
    ...sight.warnings,
    ...obstaclesOf(sight.snapshot),
  ];
  return { pass, loaded, sight, plan, warnings };
}

/** A dry run may look on while a pass is at work: what that one has begun is not cut short. */
async function besideAPass(
  at: Layout,
  now: Date,
): Promise<{ readonly loaded: LoadedState; readonly warnings: readonly Warning[] }> {
  const { atWorkText, lookAtState } = await import('../operator/look-state.ts');
  const { loaded, lock } = lookAtState(at);
  if (lock.kind !== 'busy') return { loaded, warnings: [] };
  const message = `Now ${atWorkText(lock, now)}: what it does is not in this plan.`;
  return { loaded, warnings: [{ code: 'pass-at-work', message }] };
}

/** The pass's own clock, which in a test town may be a false one, moved on by the time the pass has taken. */
export function clockOf({ now }: Pick<Order, 'now'>, { begun }: Sight): Date {
  return new Date(now.wall + Math.round(stopwatch() - begun));
}

/** What a pass has to say; without outcomes, what it would do. */
export function reportOf(
  order: Order,
  { pass, plan, sight, warnings }: Decided,
  outcomes: readonly Outcome[] | null,
  exit: number,
): PassReport {
  const { layout, reason, dryRun, now } = order;
  return passReport(plan, outcomes, {
    town: layout.root,
    pass,
    reason: plan.findings.some(({ wanted }) => wanted) && everyoneHeld(plan) ? 'held' : reason,
    dryRun,
    startedAt: new Date(now.wall),
    finishedAt: clockOf(order, sight),
    warnings,
    subprocesses: sight.subprocesses(),
    exit,
  });
}

function everyoneHeld({ findings }: Plan): boolean {
  return findings.every(({ wanted, held }) => !wanted || held);
}

function obstaclesOf({ obstacles }: Snapshot): readonly Warning[] {
  return obstacles.map(({ code, message }) => ({ code, message }));
}

function recovered(owner: Owner | null): readonly Warning[] {
  if (owner === null) return [];
  const message =
    owner.pid === 0
      ? `The lock was empty since ${owner.since}, before the machine started; this tick has taken it.`
      : `The tick with pid ${owner.pid}, at work since ${owner.since}, ended without finishing; this one goes on.`;
  return [{ code: 'lock-recovered', message }];
}
