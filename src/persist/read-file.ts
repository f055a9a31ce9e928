import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import { errnoOf, inWords } from './io-failure.ts';

/** What became of reading a file. Only `absent` means that there is none. */
export type FileBytes =
  | { readonly kind: 'absent' }
  | { readonly kind: 'ok'; readonly bytes: Buffer }
  | { readonly kind: 'unreadable'; readonly code: string; readonly message: string }
  | { readonly kind: 'too-big'; readonly size: number };

/**
 * Reads a regular file of at most `limit` bytes. Never waits for a pipe, never throws: a directory, a pipe,
 * a link to nothing or missing rights is `unreadable`.
 */
export function readFileBytes(path: string, limit: number): FileBytes {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch (error) {
    return notOpened(path, error, limit);
  }
  try {
    const stats = fstatSync(fd);
    if (stats.isDirectory()) return { kind: 'unreadable', code: 'EISDIR', message: inWords('EISDIR') };
    if (!stats.isFile()) return { kind: 'unreadable', code: 'ENXIO', message: 'it is not a regular file' };
    return readAll(fd, stats.size, limit);
  } catch (error) {
    return { kind: 'unreadable', code: errnoOf(error), message: inWords(errnoOf(error), error) };
  } finally {
    closeSync(fd);
  }
}

/** Where there was nothing to open, something may have been made meanwhile: that is read after all. */
function notOpened(path: string, error: unknown, limit: number): FileBytes {
  const code = errnoOf(error);
  if (code !== 'ENOENT') return { kind: 'unreadable', code, message: inWords(code, error) };
  try {
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found === undefined) return { kind: 'absent' };
    if (!found.isSymbolicLink()) return readFileBytes(path, limit);
  } catch (second) {
    return { kind: 'unreadable', code: errnoOf(second), message: inWords(errnoOf(second), second) };
  }
  return { kind: 'unreadable', code, message: 'it is a symbolic link to nothing' };
}

/** Reads to the end, which may be further than `size` says when the file grows meanwhile. */
function readAll(fd: number, size: number, limit: number): FileBytes {
  if (size > limit) return { kind: 'too-big', size };
  let buffer = Buffer.allocUnsafe(size + 1);
  let filled = 0;
  for (;;) {
    const count = readSync(fd, buffer, filled, buffer.length - filled, null);
    if (count === 0) return { kind: 'ok', bytes: buffer.subarray(0, filled) };
    filled += count;
    if (filled > limit) return { kind: 'too-big', size: filled };
    if (filled === buffer.length)
      buffer = Buffer.concat([buffer], Math.min(buffer.length * 2 + 4096, limit + 1));
  }
}
