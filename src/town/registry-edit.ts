import { exitStatus, Failure } from '../exit.ts';
import { withEditLock } from '../persist/edit-lock.ts';
import { readJson } from '../persist/json.ts';
import { saveShared } from '../persist/shared-file.ts';
import type { Layout } from './layout.ts';
import { nearest } from './nearest.ts';
import { type RigEntry, readRegistry, registeredIn } from './registry.ts';
import { isObject } from './settings-problem.ts';
import { shellWord } from './shell-word.ts';

export interface Editing {
  /** RFC 3339. */
  readonly at: string;
  /** The command that edits, for whoever waits. */
  readonly command: string;
}

/** Enters a rig into `mayor/rigs.json`. False when it is there already; everything else in the file stays. */
export function registerRig(
  layout: Layout,
  name: string,
  entry: RigEntry,
  editing: Editing,
): Promise<boolean> {
  return editRigs(layout, editing, (rigs) => {
    if (Object.hasOwn(rigs, name)) return null;
    const { gitUrl, addedAt, prefix } = entry;
    return { ...rigs, [name]: { git_url: gitUrl, added_at: addedAt, beads: { repo: '', prefix } } };
  });
}

/** Takes a rig out of `mayor/rigs.json`; false when it is not in it. No other file is touched. */
export function unregisterRig(layout: Layout, name: string, editing: Editing): Promise<boolean> {
  return editRigs(layout, editing, (rigs) =>
    Object.hasOwn(rigs, name)
      ? Object.fromEntries(Object.entries(rigs).filter(([other]) => other !== name))
      : null,
  );
}

/** The registry, for commands that cannot do without it. Throws a {@link Failure} `rigs-unknown` (65). */
export function registryOf(layout: Layout): ReadonlyMap<string, RigEntry> {
  const registry = readRegistry(layout);
  if (registry.known) return registry.value;
  throw new Failure(
    'rigs-unknown',
    exitStatus.data,
    `Which rigs the town has is unknown: ${registry.reason}.`,
    `ls -l ${shellWord(layout.rigsFile)}`,
  );
}

/** For a name that is not registered. */
export function noSuchRig(name: string, registry: ReadonlyMap<string, RigEntry>, layout: Layout): Failure {
  const meant = nearest(name, [...registry.keys()]);
  const question = meant === null ? '' : ` Did you mean ${meant}?`;
  return new Failure(
    'rig-unknown',
    exitStatus.failed,
    `The town ${layout.root} has no rig ${JSON.stringify(name)}.${question}`,
    `gt rig list --town ${shellWord(layout.root)}`,
  );
}

type Rigs = Readonly<Record<string, unknown>>;

async function editRigs(
  layout: Layout,
  { at, command }: Editing,
  edit: (rigs: Rigs) => Rigs | null,
): Promise<boolean> {
  const file = layout.rigsFile;
  return await withEditLock(file, { since: at, command }, (guard) => {
    registryOf(layout);
    const read = readJson(file);
    const value = read.kind === 'ok' && isObject(read.value) ? read.value : {};
    const rigs = edit(registeredIn(value) ?? {});
    if (rigs === null) return false;
    saveShared(file, { ...value, rigs }, guard, { mode: 0o644 });
    return true;
  });
}
