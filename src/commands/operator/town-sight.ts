import { decide } from '../../decide/decide.ts';
import { askGate } from '../../due.ts';
import type { PassReport } from '../../model/pass-report.ts';
import type { Plan } from '../../model/plan.ts';
import { readClock } from '../../observe/clock.ts';
import type { LockStatus } from '../../persist/lock-standing.ts';
import { readRun } from '../../persist/run-file.ts';
import type { LoadedState } from '../../persist/state.ts';
import type { Layout } from '../../town/layout.ts';
import type { Context } from '../context.ts';
import { lookAround, type Sight } from '../tick/sight.ts';
import { lookAtState } from './look-state.ts';

/** The town as one look finds it, and what a pass would do now. */
export interface TownSight {
  readonly now: Date;
  readonly loaded: LoadedState;
  readonly sight: Sight;
  readonly plan: Plan;
  readonly lock: LockStatus;
  /** The last heartbeat's report; null where none can be read. */
  readonly last: PassReport | null;
  /** Null: now. */
  readonly nextDueAt: Date | null;
}

/** One tmux client for any number of agents. Writes nothing. */
export async function seeTown(at: Layout, context: Context): Promise<TownSight> {
  const now = readClock(context, at);
  const { loaded, lock } = lookAtState(at);
  const sight = await lookAround(at, now, loaded.state, context, { subjects: true });
  const plan = decide(sight.snapshot, loaded.state, sight.config, {
    pass: 'status',
    careful: loaded.careful,
    only: null,
    part: 'all',
  });
  const run = readRun(at);
  const next = askGate(at.root, now.wall, now.boot).at;
  return {
    now: new Date(now.wall),
    loaded,
    sight,
    plan,
    lock,
    last: run.kind === 'ok' ? run.value : null,
    nextDueAt: next === null ? null : new Date(next),
  };
}
