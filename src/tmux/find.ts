import type { Config } from '../model/config.ts';
import { findProgram, type Run } from '../run.ts';
import { openTmux, type TmuxClient } from './client.ts';

/** The town's tmux as its settings describe it; null when no directory of `path` has a `tmux`. */
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
  return openTmux({ ...config.tmux, env: clientEnv, run, file, timeoutMs: config.tick.childTimeoutMs });
}
