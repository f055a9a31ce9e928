import { statSync } from 'node:fs';
import * as v from 'valibot';
import { findProgram } from '../../run.ts';
import type { Answer } from '../port.ts';
import { readKept, writeKept } from './kept-file.ts';
import type { Program } from './program.ts';
import { type Capabilities, probe } from './version.ts';

const form = v.object({
  v: v.literal(1),
  file: v.string(),
  size: v.number(),
  changed: v.number(),
  capabilities: v.object({
    version: v.string(),
    noDaemon: v.boolean(),
    types: v.boolean(),
    showMany: v.boolean(),
    sync: v.boolean(),
    longestBody: v.nullable(v.number()),
    listing: v.array(v.string()),
  }),
});

/** Where what `bd` can do is remembered, below a town's root. */
function capabilitiesFile(root: string): string {
  return `${root}/daemon/bd.json`;
}

/**
 * What the `bd` of the search path can do: from memory while the program is the same file, else by asking it.
 *
 * @param keep whether an answer may be written down; not where nothing is to be changed
 */
export async function capabilitiesOf(
  root: string,
  { program, path, store, keep }: { program: Program; path: readonly string[]; store: string; keep: boolean },
): Promise<Answer<Capabilities>> {
  const file = findProgram('bd', path);
  const stat = file === null ? undefined : statSync(file, { throwIfNoEntry: false });
  const who = stat === undefined ? null : { file: file ?? '', size: stat.size, changed: stat.mtimeMs };
  const known = readKept(capabilitiesFile(root), form);
  if (known !== null && who !== null && known.file === who.file && known.size === who.size) {
    if (known.changed === who.changed) return { known: true, value: known.capabilities };
  }
  const found = await probe(program, store);
  if (found.known && who !== null && keep)
    writeKept(capabilitiesFile(root), { v: 1, ...who, capabilities: found.value });
  return found;
}
