import { type Fact, known, unknown } from '../model/fact.ts';
import { readJson } from '../persist/json.ts';
import type { Layout } from './layout.ts';
import { isObject } from './settings-problem.ts';

/** What `mayor/rigs.json` says of one rig (spec/tick.md §2.3). Empty text where it says nothing. */
export interface RigEntry {
  readonly gitUrl: string;
  readonly addedAt: string;
  readonly prefix: string;
}

/**
 * The registry of rigs, sorted by name. A file that is missing, torn, `null` or newer than we know is unknown with its
 * reason: it never means that the town has no rigs.
 */
export function readRegistry(layout: Layout): Fact<ReadonlyMap<string, RigEntry>> {
  const file = layout.rigsFile;
  const read = readJson(file);
  if (read.kind === 'absent') return unknown(`${file} is missing`);
  if (read.kind === 'unreadable') return unknown(`${file} cannot be read: ${read.message}`);
  if (read.kind === 'invalid') return unknown(`${file} ${read.reason}`);
  const rigs = registeredIn(read.value);
  if (rigs === null) return unknown(`${file} is not a registry of rigs of version 1`);
  return known(
    new Map(
      Object.keys(rigs)
        .sort()
        .map((name) => [name, entryOf(rigs[name])]),
    ),
  );
}

/** The `rigs` object of a registry; null when this is none. Go writes an empty one as `null` (spec/tick.md §2.2). */
export function registeredIn(value: unknown): Readonly<Record<string, unknown>> | null {
  if (!isObject(value) || value.version !== 1) return null;
  const rigs = value.rigs ?? {};
  return isObject(rigs) && !Array.isArray(rigs) ? rigs : null;
}

function entryOf(value: unknown): RigEntry {
  const entry = isObject(value) ? value : {};
  const beads = isObject(entry.beads) ? entry.beads : {};
  return {
    gitUrl: textOf(entry.git_url),
    addedAt: textOf(entry.added_at),
    prefix: textOf(beads.prefix),
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
