import { existsSync, readdirSync } from 'node:fs';
import * as v from 'valibot';
import type { StoreKind } from '../model/config.ts';
import { readJson } from '../persist/json.ts';
import { isDirectory } from '../town/path-on-disk.ts';

/** What `store` in a town's settings says; `auto` when it says nothing. The rest of the file is not looked at. */
const form = v.object({ store: v.optional(v.picklist(['auto', 'files', 'beads']), 'auto') });

/** Which store the settings of a town ask for, for those who read nothing else of them. */
export function storeAsked(root: string): StoreKind {
  const read = readJson(`${root}/settings/config.json`);
  const parsed = read.kind === 'ok' ? v.safeParse(form, read.value) : null;
  return parsed?.success ? parsed.output.store : 'auto';
}

/**
 * Which store a town uses. `auto`: beads where a town already has them, unless mail or work of ours is in files already. A
 * town whose beads we have used goes on using them when they are out of sight: it must not seem empty.
 */
export function storeKind(root: string, asked: StoreKind): 'files' | 'beads' {
  if (asked !== 'auto') return asked;
  if (!isDirectory(`${root}/.beads`)) return existsSync(`${root}/daemon/store.json`) ? 'beads' : 'files';
  return holdsSomething(`${root}/mail`) || holdsSomething(`${root}/store`) ? 'files' : 'beads';
}

function holdsSomething(dir: string): boolean {
  try {
    return readdirSync(dir).length > 0;
  } catch {
    return false;
  }
}
