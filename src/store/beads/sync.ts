import { explain, type Run } from '../../run.ts';
import { capabilitiesOf } from './capabilities.ts';
import { environment, globals } from './program.ts';
import { beadsBelow } from './stores.ts';

/**
 * `bd sync` in a workspace, after git and before its agent starts anew (spec/tick.md §6.7), where the workspace has beads
 * and this `bd` still has such a command. What should be said of it; null when all is well.
 */
export async function syncBeads(
  root: string,
  directory: string,
  {
    run,
    env,
    path,
    timeoutMs,
  }: {
    readonly run: Run;
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly path: readonly string[];
    readonly timeoutMs: number;
  },
): Promise<string | null> {
  const store = beadsBelow(directory);
  if (store === null) return null;
  const program = { run, env: { ...env, PATH: path.join(':') }, timeoutMs };
  const can = await capabilitiesOf(root, { program, path, store, keep: true });
  if (!can.known) return `The beads of ${directory} are not synced: ${can.reason}.`;
  if (!can.value.sync) return null;
  const ran = await run({
    file: 'bd',
    args: [...globals(can.value), 'sync'],
    cwd: directory,
    env: environment(program.env, store),
    whole: true,
    timeoutMs,
  });
  return ran.ok ? null : `The beads of ${directory} are not synced: bd sync ${explain(ran)}.`;
}
