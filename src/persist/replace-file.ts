import {
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  type Stats,
  statSync,
  unlinkSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { cannotCreate, errnoOf } from './io-failure.ts';
import { temporaryName } from './leftovers.ts';
import { readFileBytes } from './read-file.ts';

/**
 * Holds what is on disk against what was to be written. A write that a nearly full disk cut short can be reported as done
 * (write-file-atomic does so: design/anchors.md §4.3), so only the file itself can tell.
 */
export function verifyBytes(path: string, bytes: Buffer): void {
  const read = readFileBytes(path, bytes.length);
  if (read.kind === 'ok' && read.bytes.equals(bytes)) return;
  const code = read.kind === 'ok' && read.bytes.length < bytes.length ? 'ENOSPC' : 'EIO';
  throw Object.assign(new Error('what is on disk is not what was written'), { code });
}

/** Makes the file at `target` its own backup as well, without it ever leaving its place; where links do not work, by copy. */
export function keepBackup(target: string): void {
  const old = statSync(target, { throwIfNoEntry: false });
  if (old === undefined) return;
  const backup = `${target}.bak`;
  if (statSync(backup, { throwIfNoEntry: false })?.ino === old.ino) return;
  const spare = temporaryName(target);
  try {
    linkSync(target, spare);
  } catch (error) {
    if (!['EPERM', 'ENOTSUP', 'ENOSYS', 'EMLINK'].includes(errnoOf(error))) throw error;
    copyFileSync(target, spare, constants.COPYFILE_EXCL);
  }
  try {
    renameSync(spare, backup);
  } catch (error) {
    removeQuietly(spare);
    throw error;
  }
}

/** Root writes for the owner of what it replaces, or of the directory, so that the owner is not locked out. */
export function ownerOf(target: string, old: Stats | undefined): { chown?: { uid: number; gid: number } } {
  if (process.geteuid?.() !== 0) return {};
  const { uid, gid } = old !== undefined && !old.isSymbolicLink() ? old : statSync(dirname(target));
  return uid === 0 && gid === 0 ? {} : { chown: { uid, gid } };
}

/** Makes a directory with rights 0700, and whatever is missing above it; exit 73 where that cannot be. */
export function makeDirectory(path: string): void {
  try {
    makeWithParents(path, 0o700, 0o700);
  } catch (error) {
    throw cannotCreate(path, error);
  }
}

/**
 * Makes a directory with these rights, and whatever is missing above it with others; false when it was there. Node's own
 * recursive form never ends where a system says ENOENT below a directory that is there, as `/proc` does.
 */
export function makeWithParents(path: string, mode: number, above: number): boolean {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return false;
  if (dirname(path) !== path) makeWithParents(dirname(path), above, above);
  try {
    mkdirSync(path, { mode });
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST' && statSync(path).isDirectory()) return false;
    throw error;
  }
}

/** A rename lasts only when its directory is on disk. File systems that cannot sync a directory are taken as they are. */
export function syncDirectory(directory: string): void {
  const fd = openSync(directory, 'r');
  try {
    fsyncSync(fd);
  } catch (error) {
    if (!['EINVAL', 'ENOTSUP', 'ENOSYS', 'EBADF'].includes(errnoOf(error))) throw error;
  } finally {
    closeSync(fd);
  }
}

/** Removes a file of ours if it is still there; what cannot be removed is swept by a later pass. */
export function removeQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Never made, renamed into place, or left for the sweeper.
  }
}
