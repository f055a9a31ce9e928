import { type Fact, known, unknown } from '../model/fact.ts';
import type { Hold } from '../model/rig.ts';
import { readJson } from '../persist/json.ts';
import { isObject } from './settings-problem.ts';

/**
 * `daemon/holds.json` as people's commands write it, expired holds included. A file that cannot be understood
 * completely is unknown: a hold that we cannot read may be about anything.
 */
export function readHoldsFile(file: string): Fact<readonly Hold[]> {
  const read = readJson(file);
  if (read.kind === 'absent') return known([]);
  if (read.kind === 'unreadable') return unknown(`${file} cannot be read: ${read.message}`);
  if (read.kind === 'invalid') return unknown(`${file} ${read.reason}`);
  const list = isObject(read.value) && read.value.version === 1 ? read.value.holds : undefined;
  if (!Array.isArray(list)) return unknown(`${file} is not a list of holds of version 1`);
  const holds: Hold[] = [];
  for (const [index, value] of list.entries()) {
    const hold = parseHold(value);
    if (hold === null) return unknown(`${file}: entry ${index + 1} is not a hold`);
    holds.push(hold);
  }
  return known(holds);
}

/** What {@link readHoldsFile} reads back. */
export function holdsDocument(holds: readonly Hold[]): unknown {
  return { version: 1, holds };
}

function parseHold(value: unknown): Hold | null {
  if (!isObject(value)) return null;
  const { target, kind, reason = '', by = '', since = null, until = null } = value;
  if (typeof target !== 'string' || target === '' || !isKind(kind)) return null;
  if (typeof reason !== 'string' || typeof by !== 'string' || !isTime(since) || !isTime(until)) return null;
  return { target, kind, reason, by, since, until };
}

function isKind(value: unknown): value is Hold['kind'] {
  return value === 'hold' || value === 'parked' || value === 'estop' || value === 'shutdown';
}

function isTime(value: unknown): value is string | null {
  return value === null || (typeof value === 'string' && !Number.isNaN(Date.parse(value)));
}
