import { lstatSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import lockfile from 'lockfile';
import { exitStatus, Failure } from '../exit.ts';
import { shellWord } from '../town/shell-word.ts';
import { fault } from './fault.ts';
import { errnoOf, notRead, notSaved } from './io-failure.ts';
import { randomToken } from './leftovers.ts';
import { describeOwner, type Owner, readOwner, userName } from './lock-owner.ts';
import { type ProcessTable, processTable, standingOf } from './process-identity.ts';
import { makeDirectory, removeQuietly } from './replace-file.ts';

export interface EditGuard {
  /** Do we still hold the lock, and is the file still the one we found? Hand it to `writeJson` as `onlyIf`. */
  unchanged(): boolean;
}

export interface EditOptions {
  /** RFC 3339: now. */
  readonly since: string;
  /** Who edits, for people: `gt rig add`. */
  readonly command: string;
  readonly processes?: ProcessTable;
}

/** An editor that is dead, or that never came to write its name, gives way after this long. */
const staleMs = { dead: 2_000, nameless: 30_000 };
const waitMs = 5_000;

/**
 * Runs `edit` while holding `<path>.lock`: for short edits of files that people and commands share, where one waits for the
 * other (up to 5 s, then exit 75 naming the holder). The lock of an editor that died is broken after 2 s.
 *
 * Breaking locks is a race in the lockfile package: two that wait for one dead editor may both get in
 * (design/typescript.md §2.1). So an edit saves with `onlyIf: guard.unchanged`, asked just before the rename: of two such edits
 * the later one finds the file or the lock changed and saves nothing.
 */
export async function withEditLock<T>(
  path: string,
  { since, command, processes = processTable() }: EditOptions,
  edit: (guard: EditGuard) => T | Promise<T>,
): Promise<T> {
  const lock = `${path}.lock`;
  makeDirectory(dirname(path));
  await take(lock, processes, since);
  const token = randomToken();
  const mine = (): boolean => {
    const record = readOwner(lock);
    return record.kind === 'ok' && record.owner.token === token;
  };
  try {
    sign(lock, { ...processes.self, token, since, user: userName(), command });
    fault('edit.locked');
    const before = stampOf(path);
    const result = await edit({ unchanged: () => mine() && stampOf(path) === before });
    fault('edit.before-unlock');
    return result;
  } finally {
    if (mine()) lockfile.unlockSync(lock);
  }
}

/**
 * While the lock changes hands, or its dead holder is just being cleared away by somebody else, it is waited for again; one that
 * stays in the same living hands is not.
 */
async function take(lock: string, processes: ProcessTable, now: string): Promise<void> {
  const end = performance.now() + 2 * waitMs;
  for (;;) {
    const before = holderOf(lock);
    try {
      await lockOnce(lock, staleAfter(lock, processes));
      return;
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw notSaved(lock, error);
      const moves = before !== holderOf(lock) || staleAfter(lock, processes) !== null;
      if (!moves || performance.now() > end) throw taken(lock, processes, now);
      await pause(50);
    }
  }
}

function holderOf(lock: string): string | null {
  const record = readOwner(lock);
  return record.kind === 'ok' ? record.owner.token : null;
}

/** After how many milliseconds this lock may be broken; null: its owner lives, or may. */
function staleAfter(lock: string, processes: ProcessTable): number | null {
  const record = readOwner(lock);
  if (record.kind === 'absent') return null;
  if (record.kind === 'unreadable') throw notRead(lock, record.code, record.message);
  if (record.kind === 'damaged') return staleMs.nameless;
  return standingOf(record.owner, processes) === 'dead' ? staleMs.dead : null;
}

/** The library writes into the options it is given, so they are new each time. */
function lockOnce(lock: string, stale: number | null): Promise<void> {
  const options = { wait: waitMs, pollPeriod: 50, ...(stale === null ? {} : { stale }) };
  return new Promise((resolve, reject) => {
    lockfile.lock(lock, options, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

/** The library's lock is an empty file: our record in it says whose it is. */
function sign(lock: string, owner: Owner): void {
  try {
    writeFileSync(lock, `${JSON.stringify(owner)}\n`, { flag: 'r+' });
  } catch (error) {
    removeQuietly(lock);
    throw notSaved(lock, error);
  }
}

/** Tells one version of a file from the next; each save makes a new inode. */
function stampOf(path: string): string {
  const stats = lstatSync(path, { throwIfNoEntry: false, bigint: true });
  return stats === undefined ? '' : `${stats.ino} ${stats.size} ${stats.mtimeNs}`;
}

function taken(lock: string, processes: ProcessTable, now: string): Failure {
  const record = readOwner(lock);
  const who =
    record.kind === 'ok'
      ? describeOwner(record.owner, processes.self.host, now)
      : 'somebody who left no name';
  return new Failure(
    'edit-busy',
    exitStatus.busy,
    `${lock} is held by ${who}. Nothing was changed: run the command again, or remove the lock if no gt runs.`,
    `rm ${shellWord(lock)}`,
  );
}
