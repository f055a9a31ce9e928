import { shellWord } from '../town/shell-word.ts';
import { isBeforeBoot, nobody } from './blank-lock.ts';
import { successionName } from './leftovers.ts';
import { describeOwner, type Owner, readOwner } from './lock-owner.ts';
import { type ProcessTable, processTable, standingOf } from './process-identity.ts';

export interface Busy {
  readonly kind: 'busy';
  /**
   * `running`: it works. `elsewhere`, `unsure`: it cannot be asked from here. `damaged`: the file names nobody; `blank`: there
   * is nothing in it at all.
   * `unreadable`: it may name somebody, whom we may not know.
   */
  readonly why: 'running' | 'elsewhere' | 'unsure' | 'damaged' | 'blank' | 'unreadable';
  /** The system's code where the file could not be read. */
  readonly errno?: string;
  readonly owner: Owner | null;
  /** RFC 3339, where it is known. */
  readonly since: string | null;
  readonly message: string;
}

/** Who holds a lock now, for those who only look. `dead`: nobody; the next tick takes it over. */
export type LockStatus =
  | { readonly kind: 'free' }
  | { readonly kind: 'dead'; readonly owner: Owner; readonly message: string }
  | Busy;

/** Who holds the lock. Reads only, never throws. */
export function readLockOwner(path: string, processes: ProcessTable = processTable()): LockStatus {
  const standing = standingAt(path, processes);
  if (standing.kind !== 'dead') return standing;
  const { last } = standing;
  return {
    kind: 'dead',
    owner: last,
    message:
      last.pid === 0
        ? `The lock ${path} is empty since before the machine started; the next tick goes on.`
        : `${describeOwner(last, processes.self.host)} died; the next tick goes on.`,
  };
}

/** The dead owners from the lock to the last elected successor: one, unless successors died on the way. */
export interface Dead {
  readonly kind: 'dead';
  readonly chain: readonly Owner[];
  readonly last: Owner;
}

/**
 * Follows the lock from its owner over the elected successors to the last one there is. A blank lock counts as a dead owner
 * when it is older than the boot, with `anyBlank` always. `now`, RFC 3339, tells how long somebody has had it. Reads only,
 * never throws.
 */
export function standingAt(
  path: string,
  processes: ProcessTable,
  anyBlank = false,
  now?: string,
): { readonly kind: 'free' } | Dead | Busy {
  const chain: Owner[] = [];
  let file = path;
  for (;;) {
    const record = readOwner(file);
    const last = chain.at(-1);
    if (record.kind === 'unreadable') {
      const what = `cannot be read: ${record.message}`;
      return { ...busy(file, 'unreadable', null, what), errno: record.code };
    }
    if (record.kind === 'damaged') {
      const { blank = null, reason } = record;
      if (blank === null || chain.some(({ token }) => token === blank.token))
        return busy(file, 'damaged', null, reason);
      if (!anyBlank && !isBeforeBoot(blank, processes)) return busy(file, 'blank', null, reason);
      chain.push(nobody(blank, processes));
      file = successionName(path, blank.token);
      continue;
    }
    if (record.kind === 'absent')
      return last === undefined ? { kind: 'free' } : { kind: 'dead', chain, last };
    const { owner } = record;
    const standing = standingOf(owner, processes);
    if (standing !== 'dead')
      return busy(path, standing, owner, describeOwner(owner, processes.self.host, now));
    chain.push(owner);
    file = successionName(path, owner.token);
  }
}

/** What to tell whoever cannot have the lock now. */
export function busy(path: string, why: Busy['why'], owner: Owner | null, what: string): Busy {
  const since = owner?.since ?? null;
  const clear = `If no gt works in this town, remove it: rm ${shellWord(path)}`;
  const message = {
    running: `Another gt is at work: ${what}.`,
    elsewhere: `The lock ${path} belongs to ${what}, which cannot be asked from here. ${clear}`,
    unsure: `The lock ${path} belongs to ${what}; whether that still runs cannot be found out from here. ${clear}`,
    damaged: `The lock ${path} ${what}. ${clear}`,
    blank: `The lock ${path} ${what}. No gt leaves one so: gt doctor --fix takes it away.`,
    unreadable: `The lock ${path} ${what}. Whether somebody works here cannot be told.`,
  }[why];
  return { kind: 'busy', why, owner, since, message };
}
