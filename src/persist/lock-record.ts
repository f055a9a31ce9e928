import { closeSync, fsyncSync, linkSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { exitStatus, Failure } from '../exit.ts';
import { shellWord } from '../town/shell-word.ts';
import { fault } from './fault.ts';
import { errnoOf, notSaved } from './io-failure.ts';
import { temporaryName } from './leftovers.ts';
import type { Owner } from './lock-owner.ts';
import { makeDirectory, removeQuietly } from './replace-file.ts';

/** Whole and synced before it becomes the lock, so that not even a power cut leaves a lock that names nobody. */
export function writeRecord(path: string, owner: Owner): string {
  const record = temporaryName(path);
  try {
    const bytes = Buffer.from(`${JSON.stringify(owner)}\n`, 'utf8');
    const fd = openRecord(record);
    try {
      if (writeSync(fd, bytes) !== bytes.length)
        throw Object.assign(new Error('cut short'), { code: 'ENOSPC' });
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    fault('lock.recorded');
    return record;
  } catch (error) {
    removeQuietly(record);
    throw notSaved(path, error);
  }
}

function openRecord(record: string): number {
  try {
    return openSync(record, 'wx', 0o600);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    makeDirectory(dirname(record));
    return openSync(record, 'wx', 0o600);
  }
}

/** Gives our record one more name; false: the name is taken. */
export function linked(record: string, name: string): boolean {
  try {
    linkSync(record, name);
    return true;
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'EEXIST') return false;
    if (['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(code)) throw noLinks(name);
    throw notSaved(name, error);
  }
}

function noLinks(path: string): Failure {
  return new Failure(
    'lock-impossible',
    exitStatus.cannotCreate,
    `The file system of ${dirname(path)} has no hard links, without which gt cannot keep two ticks apart. Move the town to another one.`,
    `df -T ${shellWord(dirname(path))}`,
  );
}
