import { closeSync, fchownSync, fsyncSync, openSync, writeSync } from 'node:fs';

export interface NewFile {
  readonly mode: number;
  readonly fsync: boolean;
  readonly chown?: { readonly uid: number; readonly gid: number };
}

/** Writes a file that does not exist yet, all of it, and brings it to disk. Throws the system's error. */
export type WriteNew = (path: string, bytes: Buffer, how: NewFile) => void;

/**
 * The plain one, for the files of every heartbeat: loading anything more able would cost a fifth of what starting Node
 * costs (test/bench). Files that people share are prepared by `shared-file.ts`.
 */
export const writeNewFile: WriteNew = (path, bytes, { mode, fsync, chown }) => {
  const file = openSync(path, 'wx', mode);
  try {
    for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
    if (chown !== undefined) fchownSync(file, chown.uid, chown.gid);
    if (fsync) fsyncSync(file);
  } finally {
    closeSync(file);
  }
};
