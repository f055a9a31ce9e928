import {
  chownSync,
  closeSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { errnoOf } from '../../persist/io-failure.ts';
import { readFileBytes } from '../../persist/read-file.ts';
import { makeWithParents, ownerOf, syncDirectory } from '../../persist/replace-file.ts';

/** Larger files are refused unread: nothing we write comes near. */
const largest = 64 * 1024 * 1024;

export type Plain =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'absent' }
  /** There, and not a file we can use; `why` completes "the file …". */
  | { readonly kind: 'bad'; readonly why: string };

/** Reads a regular file as text. Throws where the trouble is the system's, not the file's. */
export function readPlain(path: string): Plain {
  const read = readFileBytes(path, largest);
  switch (read.kind) {
    case 'ok':
      return { kind: 'text', text: read.bytes.toString('utf8') };
    case 'absent':
      return read;
    case 'too-big':
      return { kind: 'bad', why: `is ${read.size} bytes long` };
    case 'unreadable':
      if (['EIO', 'EMFILE', 'ENFILE', 'ENOMEM', 'ESTALE'].includes(read.code)) {
        throw Object.assign(new Error(`${path}: ${read.message}`), { code: read.code });
      }
      return { kind: 'bad', why: `cannot be read (${read.message})` };
  }
}

/** The names in a directory; none when it does not exist. */
export function namesIn(dir: string): readonly string[] {
  // Most mailboxes never had a claimed message: asking first is a third of the cost of failing.
  if (statSync(dir, { throwIfNoEntry: false }) === undefined) return [];
  try {
    return readdirSync(dir);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** The names of a directory's directories; none when it does not exist. */
export function directoriesIn(dir: string): readonly string[] {
  try {
    return readdirSync(dir, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? entry.name : [],
    );
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/**
 * Makes a private directory and what is missing above it, and makes their names durable. Node's own recursive form says
 * ENOENT of what a read-only file system refuses.
 */
export function makeDir(dir: string): void {
  if (statSync(dir, { throwIfNoEntry: false })?.isDirectory()) return;
  if (dirname(dir) !== dir) makeDir(dirname(dir));
  if (!makeWithParents(dir, 0o700, 0o700)) return;
  const { chown } = ownerOf(dir, undefined);
  if (chown !== undefined) chownSync(dir, chown.uid, chown.gid);
  syncDirectory(dirname(dir));
}

/** Writes a new private file and makes its content durable. Fails when the name is taken; a failure leaves nothing behind. */
export function writeNew(path: string, text: string): void {
  const bytes = Buffer.from(text);
  const file = openSync(path, 'wx', 0o600);
  try {
    const { chown } = ownerOf(path, undefined);
    if (chown !== undefined) fchownSync(file, chown.uid, chown.gid);
    writeFileSync(file, bytes);
    fsyncSync(file);
    // A nearly full disk may take less than it was given and not say so (design/anchors.md §4.3).
    if (fstatSync(file).size !== bytes.length) {
      throw Object.assign(new Error(`${path} was written only in part`), { code: 'ENOSPC' });
    }
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
}

/** Replaces a file by way of `temporary`, which must lie on the same file system. */
export function replaceFile(path: string, temporary: string, text: string): void {
  writeNew(temporary, text);
  try {
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncDirectory(dirname(path));
}

/** Renames; false when `from` is not there (any more). */
export function moveFile(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return false;
    throw error;
  }
}
