import type { Config } from '../model/config.ts';
import { findProgram, type Run } from '../run.ts';
import { openTmux, type TmuxClient } from './client.ts';

/** Milliseconds that tmux is given to answer, however short a pass may be. */
const leastMs = 1_000;

/**
 * The town's tmux as its settings describe it; null when no directory of `path` has a `tmux`. One that does not answer
 * takes no more than a third of a pass, as a silent store does: the pass ends for want of tmux, not of time.
 */
export function findTmux(options: {
  readonly config: Config;
  readonly path: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly run: Run;
}): TmuxClient | null {
  const { config, path, env, run } = options;
  const file = findProgram('tmux', path);
  if (file === null) return null;
  // `env`, which starts the agents, is found by tmux on its client's path.
  const clientEnv = { ...env, PATH: path.join(':') };
  const { childTimeoutMs, budgets } = config.tick;
  const timeoutMs = Math.min(childTimeoutMs, Math.max(leastMs, budgets.passMs / 3));
  return openTmux({ ...config.tmux, env: clientEnv, run, file, timeoutMs });
}
