import { createRun, findProgram } from '../run.ts';
import { openTmux } from '../tmux/client.ts';
import { listPanes } from '../tmux/panes.ts';
import { findTown } from '../town/find.ts';
import { layout } from '../town/layout.ts';
import { readConfig } from '../town/settings.ts';
import { type Context, searchPath } from './context.ts';

/** The sessions of the town's tmux server, foreign ones included; null when they cannot be found out. */
export async function runningSessions(
  town: string | undefined,
  context: Context,
): Promise<ReadonlySet<string> | null> {
  const { env, cwd } = context;
  const read = readConfig(layout(findTown({ town, env, cwd })));
  if (read.kind !== 'ok') return null;
  const { tmux, path: more, tick } = read.config;
  const path = [...searchPath(env), ...more];
  const file = findProgram('tmux', path);
  if (file === null) return null;
  const run = createRun({ path });
  const listed = await listPanes(openTmux({ ...tmux, env, run, file, timeoutMs: tick.childTimeoutMs }));
  if (!listed.known) return null;
  return new Set(listed.value.kind === 'absent' ? [] : listed.value.panes.map(({ session }) => session));
}
