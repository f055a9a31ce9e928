import type { Config } from '../model/config.ts';
import type { Instant } from '../model/instant.ts';
import type { Snapshot, Warning } from '../model/snapshot.ts';
import type { State } from '../model/state.ts';
import { stopwatch } from '../observe/clock.ts';
import { observe } from '../observe/snapshot.ts';
import { counting, createRun, type Run } from '../run.ts';
import { readOverview } from '../store/overview.ts';
import type { TmuxClient } from '../tmux/client.ts';
import { findTmux } from '../tmux/find.ts';
import type { Layout } from '../town/layout.ts';
import { loadRigs } from '../town/rigs.ts';
import { loadConfig } from '../town/settings.ts';
import { type Context, searchPath } from './context.ts';

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
  /** What was found wrong on the way, besides the snapshot's own warnings. */
  readonly warnings: readonly Warning[];
}

/**
 * Reads the settings and looks at everything a decision needs. Invalid settings are a failure (78).
 * `keep`: what was found out of the store's health may be remembered, which nobody who only looks does.
 */
export async function lookAround(
  layout: Layout,
  now: Instant,
  state: State,
  context: Context,
  { keep = false }: { readonly keep?: boolean } = {},
): Promise<Sight> {
  const begun = stopwatch();
  const rigs = loadRigs(layout);
  const names = rigs.rigs.known ? rigs.rigs.value.map(({ name }) => name) : state.rigs;
  const { config, warnings } = loadConfig(layout, names);
  const path = [...searchPath(context.env), ...config.path];
  const { run, count } = counting(createRun({ path }));
  const { env } = context;
  const client = findTmux({ config, path, env, run });
  const store = () =>
    readOverview(layout.root, {
      env,
      path,
      run,
      now: now.wall,
      asked: config.store ?? 'auto',
      keep,
      budgetMs: config.tick.budgets.passMs / 3,
    });
  const snapshot = await observe({ layout, config, state, now, env, path, run, client, rigs, store });
  return { config, snapshot, client, run, subprocesses: count, begun, warnings };
}
