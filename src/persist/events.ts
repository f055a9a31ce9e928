import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import * as v from 'valibot';
import type { TownEvent } from '../model/town-event.ts';
import type { Layout } from '../town/layout.ts';
import { errnoOf, notSaved } from './io-failure.ts';
import { makeDirectory } from './replace-file.ts';

/** `events` oldest first; `broken` counts lines that are no events; `problem` says what could not be read. */
export interface EventLog {
  readonly events: readonly TownEvent[];
  readonly broken: number;
  readonly problem: string | null;
}

/** A file of events is followed by the next at this size; the newest three are kept. */
const largestFile = 1024 * 1024;
const kept = 2;
/** No more than this is read of one file, however long its lines. */
const readLimit = 8 * 1024 * 1024;
const block = 64 * 1024;

const eventSchema: v.GenericSchema<unknown, TownEvent> = v.object({
  at: v.string(),
  kind: v.string(),
  agent: v.optional(v.nullable(v.string()), null),
  pass: v.optional(v.nullable(v.string()), null),
  text: v.optional(v.string(), ''),
  evidence: v.optional(v.record(v.string(), v.union([v.string(), v.number(), v.boolean(), v.null()])), {}),
});

/**
 * Appends one event. Whole lines of several writers never mix. With `rotate`, which needs the tick's lock, a full file is
 * renamed first, so that no more than about 3 MiB is ever kept. Throws a `Failure` (74, 77, 73) when it is not written.
 */
export function appendEvent(layout: Layout, event: TownEvent, { rotate = false } = {}): void {
  const path = layout.eventsFile;
  try {
    if (rotate) rotateWhenFull(path);
    const fd = openLog(path);
    try {
      const line = Buffer.from(`${endsTorn(fd) ? '\n' : ''}${JSON.stringify(event)}\n`, 'utf8');
      if (writeSync(fd, line) !== line.length)
        throw Object.assign(new Error('cut short'), { code: 'ENOSPC' });
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    throw notSaved(path, error);
  }
}

/** The newest `limit` events, read from the end and no further than needed. Never throws. */
export function readEvents(layout: Layout, limit: number): EventLog {
  const events: TownEvent[] = [];
  let broken = 0;
  for (const path of filesOf(layout.eventsFile)) {
    if (events.length >= limit) break;
    try {
      for (const line of linesBackwards(path)) {
        const event = parseEvent(line);
        if (event === null) broken += 1;
        else events.push(event);
        if (events.length >= limit) break;
      }
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') continue;
      const problem = `${path} could not be read: ${error instanceof Error ? error.message : String(error)}`;
      return { events: events.reverse(), broken, problem };
    }
  }
  return { events: events.reverse(), broken, problem: null };
}

/** The newest first. */
export function filesOf(path: string): readonly string[] {
  return [path, ...Array.from({ length: kept }, (_, index) => `${path}.${index + 1}`)];
}

function rotateWhenFull(path: string): void {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined || !stats.isFile() || stats.size < largestFile) return;
  const files = filesOf(path);
  for (let index = kept; index > 0; index -= 1) {
    const [from, to] = [files[index - 1], files[index]];
    if (from === undefined || to === undefined || statSync(from, { throwIfNoEntry: false }) === undefined)
      continue;
    renameSync(from, to);
  }
}

function openLog(path: string): number {
  const flags = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK;
  try {
    return openSync(path, flags, 0o600);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    makeDirectory(dirname(path));
    return openSync(path, flags, 0o600);
  }
}

/** A line that a full disk cut short must not swallow the next one. */
function endsTorn(fd: number): boolean {
  const { size } = fstatSync(fd);
  const last = Buffer.alloc(1);
  return size > 0 && readSync(fd, last, 0, 1, size - 1) === 1 && last[0] !== 0x0a;
}

function* linesBackwards(path: string): Generator<string> {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const { size } = fstatSync(fd);
    const end = Math.max(0, size - readLimit);
    let rest = Buffer.alloc(0);
    for (let position = size; position > end; ) {
      const start = Math.max(end, position - block);
      const piece = Buffer.alloc(position - start);
      readSync(fd, piece, 0, piece.length, start);
      position = start;
      rest = Buffer.concat([piece, rest]);
      const first = rest.indexOf(0x0a);
      if (first === -1) continue;
      const lines = rest
        .subarray(first + 1)
        .toString('utf8')
        .split('\n');
      rest = rest.subarray(0, first);
      yield* lines.reverse().filter((line) => line !== '');
    }
    if (rest.length > 0) yield rest.toString('utf8');
  } finally {
    closeSync(fd);
  }
}

/** Null for a line that is no event. */
export function parseEvent(line: string): TownEvent | null {
  try {
    const parsed = v.safeParse(eventSchema, JSON.parse(line), { abortEarly: true });
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}
