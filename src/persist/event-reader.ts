import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs';
import type { TownEvent } from '../model/town-event.ts';
import type { Layout } from '../town/layout.ts';
import { filesOf, parseEvent } from './events.ts';
import { errnoOf } from './io-failure.ts';

/** Reads the town's log forwards, from its oldest kept line, and goes on where it stopped. */
export interface EventReader {
  /** What has come since the last call, oldest first; a line that is still being written comes with the next call. */
  next(): readonly TownEvent[];
}

/** No more than this is read of one file at a time. */
const readLimit = 8 * 1024 * 1024;

interface Place {
  readonly inode: number;
  readonly offset: number;
  /** The beginning of a line whose end is not there yet. */
  readonly rest: Buffer;
}

/** A reader at the beginning of what is kept. Files that are rotated meanwhile are read to their end first. */
export function eventReader({ eventsFile }: Layout): EventReader {
  let at: Place | null = null;
  return {
    next() {
      const events: TownEvent[] = [];
      const present = filesOf(eventsFile).toReversed();
      // The file we stand in may have another name by now; older ones are done with.
      const standing = at === null ? -1 : present.findIndex((path) => inodeOf(path) === at?.inode);
      for (const path of standing === -1 ? present : present.slice(standing)) {
        const read = readOn(path, at);
        if (read === null) continue;
        events.push(...read.lines.flatMap((line) => parseEvent(line) ?? []));
        at = read.place;
      }
      return events;
    },
  };
}

function readOn(
  path: string,
  at: Place | null,
): { readonly lines: readonly string[]; readonly place: Place } | null {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
  try {
    const { ino: inode, size } = fstatSync(fd);
    const continued = at !== null && at.inode === inode && at.offset <= size ? at : null;
    // A file of somebody else's making may be of any size: its end will do.
    const offset = Math.max(continued?.offset ?? 0, size - readLimit);
    const bytes = Buffer.alloc(size - offset);
    const got = readSync(fd, bytes, 0, bytes.length, offset);
    const all = Buffer.concat([continued?.rest ?? Buffer.alloc(0), bytes.subarray(0, got)]);
    const end = all.lastIndexOf(0x0a) + 1;
    const lines = all
      .subarray(0, end)
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== '');
    return { lines, place: { inode, offset: offset + got, rest: Buffer.from(all.subarray(end)) } };
  } finally {
    closeSync(fd);
  }
}

function inodeOf(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.ino ?? null;
}
