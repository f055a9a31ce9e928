import { counting } from '../../counting-run.ts';
import type { Config } from '../../model/config.ts';
import type { Instant } from '../../model/instant.ts';
import type { Snapshot, Warning } from '../../model/snapshot.ts';
import type { State } from '../../model/state.ts';
import { stopwatch } from '../../observe/clock.ts';
import { observe } from '../../observe/snapshot.ts';
import { createRun, type Run } from '../../run.ts';
import { lookAgain, requestAmong } from '../../store/beads/touched.ts';
import { readOverview } from '../../store/overview.ts';
import type { Overview, Touched } from '../../store/port.ts';
import type { TmuxClient } from '../../tmux/client.ts';
import { findTmux } from '../../tmux/find.ts';
import { listPanes } from '../../tmux/panes.ts';
import type { Layout } from '../../town/layout.ts';
import { loadRigs } from '../../town/rigs.ts';
import { loadConfig } from '../../town/settings.ts';
import { type Context, searchPath } from '../context.ts';

/** The town as it is now, and what is needed to act on it. */
export interface Sight {
  readonly config: Config;
  readonly snapshot: Snapshot;
  /** Null when there is no tmux program. */
  readonly client: TmuxClient | null;
  readonly run: Run;
  /** Programs started so far. */
  readonly subprocesses: () => number;
  /** When looking began, by {@link stopwatch}. */
  readonly begun: number;
  /** When others had last written to the store, as far as this look goes. */
  readonly touched?: Touched | undefined;
  /** What waits in whose mailbox, and what the newest of it is about; null: the store does not say. */
  readonly mail: Pick<Overview, 'waiting' | 'subjects'> | null;
  /** What was found wrong on the way, besides the snapshot's own warnings. */
  readonly warnings: readonly Warning[];
}

/**
 * Reads the settings and looks at everything a decision needs. Invalid settings are a failure (78).
 * `remembered`: the state, or what loads it while the programs asked are at work already.
 * `keep`: what was found out of the store's health may be remembered, which nobody who only looks does.
 * `subjects`: what the newest messages are about is for people and no part of a decision.
 */
export async function lookAround(
  layout: Layout,
  now: Instant,
  remembered: State | (() => State),
  context: Context,
  { keep = false, subjects = false }: { readonly keep?: boolean; readonly subjects?: boolean } = {},
): Promise<Sight> {
  const begun = stopwatch();
  const stateNow = () => (typeof remembered === 'function' ? remembered() : remembered);
  const rigs = loadRigs(layout);
  const names = rigs.rigs.known ? rigs.rigs.value.map(({ name }) => name) : stateNow().rigs;
  const { config, warnings } = loadConfig(layout, names);
  const path = [...searchPath(context.env), ...config.path];
  const { run, count } = counting(createRun({ path }));
  const { env } = context;
  const client = findTmux({ config, path, env, run });
  const panes = client === null ? null : listPanes(client);
  const stored = readOverview(layout.root, {
    env,
    path,
    run,
    now: now.wall,
    asked: config.store ?? 'auto',
    keep,
    subjects,
    budgetMs: config.tick.budgets.passMs / 3,
  });
  let snapshot: Snapshot;
  try {
    // What a store's program is asked is found out in a few steps: in this pause they are done, and it runs.
    await new Promise((resolve) => setImmediate(resolve));
    const state = stateNow();
    const store = () => stored;
    snapshot = await observe({ layout, config, state, now, env, path, run, client, rigs, panes, store });
  } finally {
    // Whatever was thrown: no program of ours is still at work when the caller gives the lock back.
    await Promise.allSettled([stored, panes]);
  }
  const overview = await stored;
  const touched = overview.known ? watched(overview.value) : undefined;
  const mail = overview.known ? overview.value : null;
  return { config, snapshot, client, run, subprocesses: count, begun, touched, mail, warnings };
}

/** What the gate is to watch. A request that cannot be answered yet is looked at again each minute, as it is in files. */
function watched({ touched, protocol }: Overview): Touched | undefined {
  return touched !== undefined && requestAmong(protocol) ? lookAgain(touched) : touched;
}
