import { lstatSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { exitStatus, Failure } from '../exit.ts';
import { withEditLock } from '../persist/edit-lock.ts';
import { notSaved } from '../persist/io-failure.ts';
import { readJson, writeJson } from '../persist/json.ts';
import { makeWithParents } from '../persist/replace-file.ts';
import { isTown, townAbove } from './find.ts';
import { type Layout, layout } from './layout.ts';
import { at } from './settings-rules.ts';
import { shellWord } from './shell-word.ts';

export interface MadeTown {
  readonly layout: Layout;
  /** Paths below the town, in the order of making. */
  readonly made: readonly string[];
  readonly kept: readonly string[];
  /** Settings asked for that an existing `settings/config.json` does not have; `name`: the town has another. */
  readonly notApplied: readonly string[];
}

/**
 * Makes a town, or completes one: what exists is never changed. The marker `mayor/town.json` comes last, so a town half
 * made is none yet (spec/agents.md §3.11). Throws a {@link Failure}: `nested-town`, `bad-town-path`, or 73, 74, 77.
 */
export async function makeTown(
  path: string,
  settings: Readonly<Record<string, unknown>>,
  now: Date,
  name?: string,
): Promise<MadeTown> {
  const town = layout(makeRoot(path));
  const made: string[] = [];
  const kept: string[] = [];
  const directory = (name: string, mode: number) =>
    (makeDirectory(`${town.root}/${name}`, mode) ? made : kept).push(`${name}/`);
  directory('mayor', 0o755);
  directory('deacon', 0o755);
  directory('daemon', 0o700);
  directory('settings', 0o700);
  const since = now.toISOString();
  await withEditLock(town.townFile, { since, command: 'gt install' }, () => {
    const file = (name: string, value: unknown, mode: number) => {
      const path = `${town.root}/${name}`;
      const absent = () => lstatSync(path, { throwIfNoEntry: false }) === undefined;
      if (!absent()) return kept.push(name);
      writeJson(path, value, { mode, onlyIf: absent });
      return made.push(name);
    };
    file('settings/config.json', settings, 0o600);
    file('mayor/rigs.json', { version: 1, rigs: {} }, 0o644);
    file('mayor/state.json', { role: 'mayor', last_active: since }, 0o644);
    file(
      'mayor/town.json',
      { type: 'town', version: 2, name: name ?? basename(town.root), created_at: since },
      0o644,
    );
  });
  return { layout: town, made, kept, notApplied: notApplied(town, settings, name) };
}

/** The real path of the directory a town is to be made in, made if need be. */
function makeRoot(path: string): string {
  if (/[\u0000-\u001f\u007f]/.test(path)) {
    throw new Failure(
      'bad-town-path',
      exitStatus.cannotCreate,
      `A town cannot be at ${JSON.stringify(path)}: the path contains a control character, which tmux cannot carry.`,
      'gt install DIR',
    );
  }
  const there = deepestExisting(path);
  if (!statSync(there).isDirectory()) {
    throw new Failure(
      'bad-town-path',
      exitStatus.cannotCreate,
      `A town cannot be at ${path}: ${there} is not a directory.`,
      'gt install DIR',
    );
  }
  const around = there === path ? outerTown(there) : townAbove(realpathSync(there));
  if (around !== null) {
    throw new Failure(
      'nested-town',
      exitStatus.cannotCreate,
      `${path} is inside the town ${around}. Its agents could not tell which town they are in.`,
      `gt status --town ${shellWord(around)}`,
    );
  }
  makeDirectory(path, 0o755);
  return realpathSync(path);
}

/** The town around a directory that is not itself one. */
function outerTown(dir: string): string | null {
  const real = realpathSync(dir);
  return isTown(real) && townAbove(real) === real ? null : real === '/' ? null : townAbove(dirname(real));
}

function deepestExisting(path: string): string {
  for (let dir = path; ; dir = dirname(dir)) {
    try {
      if (statSync(dir, { throwIfNoEntry: false }) !== undefined || dirname(dir) === dir) return dir;
    } catch (error) {
      // A part of the path is a file: the walk goes on until it names it.
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOTDIR'))
        throw notSaved(path, error);
    }
  }
}

/** Makes a directory and those above it; false when it was there. */
function makeDirectory(path: string, mode: number): boolean {
  try {
    return makeWithParents(path, mode, 0o755);
  } catch (error) {
    throw notSaved(path, error);
  }
}

function notApplied(
  town: Layout,
  settings: Readonly<Record<string, unknown>>,
  name: string | undefined,
): readonly string[] {
  const there = jsonIn(town.settingsFile);
  const keys = ['default_agent', 'tick.socket', 'store'].filter((key) => {
    const asked = at(settings, key);
    return asked !== undefined && at(there, key) !== asked;
  });
  return name === undefined || at(jsonIn(town.townFile), 'name') === name ? keys : [...keys, 'name'];
}

function jsonIn(path: string): unknown {
  const read = readJson(path);
  return read.kind === 'ok' ? read.value : {};
}
