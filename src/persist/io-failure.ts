import { dirname } from 'node:path';
import { type ExitStatus, exitStatus, Failure } from '../exit.ts';
import { shellWord } from '../town/shell-word.ts';

/** The system's code of an error (`ENOSPC` …), or `UNKNOWN` for what is no system error. */
export function errnoOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return 'UNKNOWN';
}

/** A file that could not be saved: 77 for rights, 73 where no such file can exist, 74 for everything else. */
export function notSaved(path: string, error: unknown): Failure {
  if (error instanceof Failure) return error;
  const code = errnoOf(error);
  const untouched = 'What was there before is untouched.';
  return new Failure(
    'not-saved',
    statusOf(code),
    `${path} was not saved: ${inWords(code, error)}. ${untouched}`,
    hintFor(code, path),
  );
}

/** A directory that is not there and cannot be made. */
export function cannotCreate(path: string, error: unknown): Failure {
  const reason = inWords(errnoOf(error), error);
  return new Failure(
    'cannot-create',
    exitStatus.cannotCreate,
    `${path} could not be made: ${reason}.`,
    `ls -ld ${shellWord(dirname(path))}`,
  );
}

/** The new version is in place, but whether it outlives a power cut is not known. */
export function notSynced(path: string, error: unknown): Failure {
  const reason = inWords(errnoOf(error), error);
  return new Failure(
    'not-synced',
    exitStatus.io,
    `${path} was written, but may not outlive a power cut: ${reason}.`,
  );
}

/** A file that is there and could not be read: it is left alone, and never taken for a missing one. */
export function notRead(path: string, code: string, message: string): Failure {
  const exit = code === 'EACCES' || code === 'EPERM' ? exitStatus.permission : exitStatus.io;
  return new Failure(
    'not-read',
    exit,
    `${path} could not be read: ${message}. It is left as it is.`,
    `ls -ld ${shellWord(path)}`,
  );
}

/** What a system error code means, for people. */
export function inWords(code: string, error: unknown = null): string {
  const known = words[code];
  if (known !== undefined) return known;
  return error instanceof Error ? error.message : code;
}

const words: Readonly<Record<string, string>> = {
  ENOSPC: 'no space is left on the device',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'it is larger than a file may be here',
  EROFS: 'the file system is read-only',
  EIO: 'the device reports an input/output error',
  ENOENT: 'its directory, or what it links to, does not exist',
  EACCES: 'permission is denied',
  EPERM: 'the operation is not permitted',
  EISDIR: 'it is a directory',
  ENOTDIR: 'a part of its path is not a directory',
  ELOOP: 'its symbolic links form a loop',
  ENAMETOOLONG: 'its name is too long',
  EMFILE: 'this process has too many files open',
  ENFILE: 'the system has too many files open',
};

function statusOf(code: string): ExitStatus {
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return exitStatus.permission;
    case 'EISDIR':
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ELOOP':
    case 'ENAMETOOLONG':
      return exitStatus.cannotCreate;
    default:
      return exitStatus.io;
  }
}

function hintFor(code: string, path: string): string {
  return code === 'ENOSPC' || code === 'EDQUOT'
    ? `df -h ${shellWord(dirname(path))}`
    : `ls -ld ${shellWord(dirname(path))}`;
}
