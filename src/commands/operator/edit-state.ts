import { exitStatus, Failure } from '../../exit.ts';
import { type LoadedState, loadState } from '../../persist/state.ts';
import type { Layout } from '../../town/layout.ts';
import { shellWord } from '../../town/shell-word.ts';
import type { Context } from '../context.ts';
import { lockWithin } from '../tick/lock-within.ts';

/** A pass takes seconds; a person waits that long. */
const patienceMs = 15_000;

/**
 * Loads the state and works on it under the tick's lock, waiting for a pass that is at work. Throws a `Failure` `busy` (75)
 * when that lasts too long.
 */
export async function withState<T>(
  at: Layout,
  command: string,
  context: Context,
  work: (loaded: LoadedState) => T,
): Promise<T> {
  const { lock } = await lockWithin(patienceMs, command, at, context);
  if (lock.kind === 'busy') {
    throw new Failure('busy', exitStatus.busy, lock.message, `gt status --town ${shellWord(at.root)}`);
  }
  try {
    return work(loadState(at));
  } finally {
    lock.release();
  }
}
