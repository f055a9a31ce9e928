import { createRun } from '../../run.ts';
import { findTmux } from '../../tmux/find.ts';
import { listPanes } from '../../tmux/panes.ts';
import { findTown } from '../../town/find.ts';
import { layout } from '../../town/layout.ts';
import { readConfig } from '../../town/settings.ts';
import { type Context, searchPath } from '../context.ts';

/** The sessions of the town's tmux server, foreign ones included; null when they cannot be found out. */
export async function runningSessions(
  town: string | undefined,
  context: Context,
): Promise<ReadonlySet<string> | null> {
  const { env, cwd } = context;
  const read = readConfig(layout(findTown({ town, env, cwd, reading: true })));
  if (read.kind !== 'ok') return null;
  const { config } = read;
  const path = [...searchPath(env), ...config.path];
  const client = findTmux({ config, path, env, run: createRun({ path }) });
  if (client === null) return null;
  const listed = await listPanes(client);
  if (!listed.known) return null;
  return new Set(listed.value.kind === 'absent' ? [] : listed.value.panes.map(({ session }) => session));
}
