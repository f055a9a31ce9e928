import { mkdirSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Failure } from '../../exit.ts';
import { acquireLock } from '../../persist/lock.ts';
import type { Answer, Trouble } from '../port.ts';
import type { Beads } from './beads.ts';

/** How long we wait for another `gt` that changes the same issue. */
const patienceMs = 30_000;
const settlingMs = 1_000;

/**
 * Does `work` while no other `gt` changes this issue: `bd` itself lets two callers close or claim the same one, both with
 * success. The lock is a file with its owner in it; one whose owner was killed is taken over (persist/lock.ts). What was
 * decided is in the issue itself, so a kill at any point leaves it either as it was or as it was to be.
 */
export async function guarded<T>(
  beads: Beads,
  id: string,
  work: () => Promise<Answer<T>>,
): Promise<Answer<T>> {
  const directory = `${beads.root}/daemon/beads`;
  const begun = performance.now();
  for (let wait = 5; ; wait = Math.min(wait * 1.5, 60)) {
    const lock = tryLock(beads, directory, id);
    if ('known' in lock) return lock;
    if (lock.kind === 'held') {
      try {
        // The `bd` of an owner that was killed may still be at work: its change must not come after ours.
        if (lock.recovered !== null) await pause(settlingMs);
        return await work();
      } finally {
        lock.release();
      }
    }
    if (performance.now() - begun > patienceMs)
      return { known: false, reason: lock.message, trouble: 'unavailable' };
    await pause(wait * (0.5 + beads.random()));
  }
}

function tryLock(beads: Beads, directory: string, id: string): ReturnType<typeof acquireLock> | Trouble {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const since = new Date(beads.now()).toISOString();
    return acquireLock(`${directory}/${id}.lock`, { since, command: 'gt (a bead)' });
  } catch (error) {
    if (!(error instanceof Failure)) {
      if (!(error instanceof Error)) throw error;
      return { known: false, reason: `${directory} cannot be used: ${error.message}`, trouble: 'io' };
    }
    return { known: false, reason: error.message, trouble: 'io' };
  }
}
