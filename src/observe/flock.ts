import { readdirSync, readFileSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { type Fact, known, unknown } from '../model/fact.ts';
import { errnoOf } from '../persist/io-failure.ts';

/**
 * Who holds an flock on a file: the pid, or null for nobody. Read from `/proc/locks`, so that looking takes no lock
 * itself; unknown where the system has no such list.
 */
export function flockHolder(file: string): Fact<number | null> {
  let device: number;
  let inode: number;
  try {
    ({ dev: device, ino: inode } = statSync(file));
  } catch (error) {
    return errnoOf(error) === 'ENOENT'
      ? known(null)
      : unknown(`${file} cannot be looked at: ${errnoOf(error)}`);
  }
  let locks: string;
  try {
    locks = readFileSync('/proc/locks', 'latin1');
  } catch {
    return unknown('this system does not list file locks');
  }
  const holders = parseLocks(locks).filter((lock) => lock.inode === inode);
  const sure = holders.find((lock) => lock.device === deviceName(device));
  if (sure !== undefined) return known(sure.pid);
  // Some file systems show programs another device than the kernel's: then the holder's open files decide.
  return known(holders.find((lock) => hasOpen(lock.pid, file))?.pid ?? null);
}

interface Lock {
  readonly pid: number;
  /** `major:minor` in hexadecimal. */
  readonly device: string;
  readonly inode: number;
}

/** The flock lines of `/proc/locks` (proc(5)); those that only wait for a lock are left out. */
export function parseLocks(text: string): readonly Lock[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\d+: FLOCK\s+\S+\s+\S+\s+(-?\d+) ([0-9a-f]+:[0-9a-f]+):(\d+) /.exec(line);
    if (match === null) return [];
    return [{ pid: Number(match[1]), device: match[2] ?? '', inode: Number(match[3]) }];
  });
}

/** A device number as `/proc/locks` spells it. */
export function deviceName(device: number): string {
  const high = Math.floor(device / 2 ** 32);
  const low = device % 2 ** 32;
  const major = ((low >>> 8) & 0xfff) + (high & ~0xfff);
  const minor = (low & 0xff) + ((low >>> 12) & 0xfff00);
  const hex = (part: number) => part.toString(16).padStart(2, '0');
  return `${hex(major)}:${hex(minor)}`;
}

function hasOpen(pid: number, file: string): boolean {
  try {
    const path = realpathSync(file);
    return readdirSync(`/proc/${pid}/fd`).some((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`) === path);
  } catch {
    return false;
  }
}
