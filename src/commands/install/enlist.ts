import { exitStatus, failureOf } from '../../exit.ts';
import { knownTownsFile } from '../../town/known-towns.ts';
import { rememberTown } from '../../town/known-towns-edit.ts';
import type { Context } from '../context.ts';

/**
 * Lists a town among its user's, where `gt tick --all` finds it, if it is not there yet. A town can do without: what goes
 * wrong is said, and fails nothing.
 */
export async function enlist(root: string, command: string, context: Context): Promise<void> {
  const file = knownTownsFile(context.env);
  if (file === null) return;
  try {
    await rememberTown(file, root, { since: context.now().toISOString(), command });
  } catch (error) {
    const failure = failureOf(error);
    if (failure === null || failure.exit === exitStatus.bug) throw error;
    context.stderr(`gt tick --all will not find this town: ${failure.message}\n`);
  }
}
