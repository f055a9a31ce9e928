import { type LockStatus, readLockOwner } from '../../persist/lock-standing.ts';
import { type LoadedState, loadState } from '../../persist/state.ts';
import { momentText } from '../../show/time.ts';
import type { Layout } from '../../town/layout.ts';

/** The state as it is for those who only look. */
export interface LookedAt {
  /** Of a pass that is at work nothing is called interrupted: its intent is left out. */
  readonly loaded: LoadedState;
  readonly lock: LockStatus;
}

/** Loads the state beside a pass that may be at work. Reads only. */
export function lookAtState(layout: Layout): LookedAt {
  let loaded = loadState(layout, { look: true });
  // A pass that ends between two readings leaves a free lock and an intent that is settled by then.
  for (let round = 0; round < 5; round += 1) {
    const lock = readLockOwner(layout.lockFile);
    if (lock.kind === 'busy') return { loaded: withoutIntent(loaded), lock };
    const { intent } = loaded.state;
    if (intent === null) return { loaded, lock };
    loaded = loadState(layout, { look: true });
    if (loaded.state.intent?.pass === intent.pass) return { loaded, lock };
  }
  return { loaded: withoutIntent(loaded), lock: readLockOwner(layout.lockFile) };
}

/** Who is at work in the town, for people; null: nobody. */
export function atWorkText(lock: LockStatus, now: Date): string | null {
  if (lock.kind === 'free') return null;
  if (lock.kind === 'dead' || lock.why !== 'running' || lock.owner === null) return lock.message;
  const { command, user, pid, since } = lock.owner;
  const what = command === 'gt tick' ? 'a pass' : command;
  return `${what} is at work since ${momentText(new Date(since), now)} (pid ${pid}, of ${user})`;
}

function withoutIntent(loaded: LoadedState): LoadedState {
  return { ...loaded, state: { ...loaded.state, intent: null } };
}
