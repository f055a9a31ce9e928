import { setTimeout as pause } from 'node:timers/promises';
import { readClock } from '../../observe/clock.ts';
import { acquireLock, type Lock } from '../../persist/lock.ts';
import type { Layout } from '../../town/layout.ts';
import type { Context } from '../context.ts';

/** What the lock says of one who only answers requests: it is free again within seconds. */
export const processing = 'gt lifecycle process';

/** How often a lock that somebody holds is tried again, milliseconds. */
const everyMs = 50;

/** Takes the pass's lock for a command, waiting so long at most for whoever has it; tells whether it had to. */
export async function lockWithin(
  ms: number,
  command: string,
  { lockFile, testMarker }: Layout,
  { env }: Context,
): Promise<{ readonly lock: Lock; readonly waited: boolean }> {
  const end = performance.now() + ms;
  for (let waited = false; ; waited = true) {
    const since = new Date(readClock({ env }, { testMarker }).wall).toISOString();
    const lock = acquireLock(lockFile, { since, command });
    if (lock.kind === 'held' || performance.now() >= end) return { lock, waited };
    await pause(everyMs);
  }
}
