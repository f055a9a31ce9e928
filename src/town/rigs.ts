import { readdirSync, statSync } from 'node:fs';
import { type Fact, known } from '../model/fact.ts';
import type { Rig } from '../model/rig.ts';
import type { Warning } from '../model/snapshot.ts';
import { errnoOf, inWords } from '../persist/io-failure.ts';
import type { Layout } from './layout.ts';
import { rigsClash, rivalsOf } from './name-clash.ts';
import { confusedWith, wrongRigName, wrongWorkerName } from './names.ts';
import { readRegistry } from './registry.ts';

export interface LoadedRigs {
  /** Sorted by name. Unknown when the registry cannot be used: never an empty town. */
  readonly rigs: Fact<readonly Rig[]>;
  readonly warnings: readonly Warning[];
}

/**
 * The rigs of a town that are registered and exist, with the workers whose directories exist. Rigs and workers whose
 * names could be taken for other agents' are left out with a warning; dot directories and files are no workers
 * (spec/tick.md §2.3, spec/agents.md §5.2).
 */
export function loadRigs(layout: Layout): LoadedRigs {
  const registry = readRegistry(layout);
  if (!registry.known) {
    return {
      rigs: registry,
      warnings: [
        { code: 'rigs-unknown', message: `Which rigs the town has is unknown: ${registry.reason}.` },
      ],
    };
  }
  const warnings: Warning[] = [];
  const warn = (code: string) => (message: string) => warnings.push({ code, message });
  const names = usableNames([...registry.value.keys()], warn('rig-name'));
  const existing = names.filter((name) => isDirectory(`${layout.root}/${name}`, name, warn('rig-missing')));
  const all = new Set(existing);
  const rigs = existing.map((name) => rigOf(layout.root, name, all, warn('worker')));
  return { rigs: known(rigs), warnings };
}

/** Names that can be told apart, in order; of two that cannot the first stays. */
function usableNames(names: readonly string[], warn: (message: string) => void): readonly string[] {
  const clashes = clashesAmong(names);
  const usable = new Set<string>();
  for (const name of names) {
    const wrong = wrongRigName(name);
    const rival = wrong === null ? clashes.get(name)?.find((other) => usable.has(other)) : undefined;
    if (wrong !== null) warn(`The registered rig ${JSON.stringify(name)} is left alone: ${wrong}`);
    else if (rival !== undefined) {
      warn(`The rig ${name} is left alone: its agents could be taken for those of ${rival}.`);
    } else usable.add(name);
  }
  return [...usable];
}

/** By name, the names it clashes with. */
function clashesAmong(names: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const all = new Set(names);
  const clashes = new Map<string, string[]>();
  const note = (one: string, other: string) => clashes.set(one, [...(clashes.get(one) ?? []), other]);
  for (const name of names) {
    for (const rival of rivalsOf(name)) {
      if (rival === name || !all.has(rival) || !rigsClash(rival, name)) continue;
      note(name, rival);
      note(rival, name);
    }
  }
  return clashes;
}

function isDirectory(path: string, name: string, warn: (message: string) => void): boolean {
  try {
    if (statSync(path).isDirectory()) return true;
    warn(`The rig ${name} is registered, but ${path} is not a directory.`);
  } catch (error) {
    const code = errnoOf(error);
    warn(
      `The rig ${name} is registered, but ${path} ${code === 'ENOENT' ? 'does not exist' : `cannot be looked at: ${inWords(code)}`}.`,
    );
  }
  return false;
}

function rigOf(root: string, name: string, rigs: ReadonlySet<string>, warn: (message: string) => void): Rig {
  const keep = (role: 'crew' | 'polecat') => (worker: string) => {
    const wrong =
      wrongWorkerName(worker, role) ?? (role === 'polecat' ? confusedWith(worker, name, rigs) : null);
    if (wrong !== null)
      warn(
        `The ${role} directory ${name}/${role === 'crew' ? role : 'polecats'}/${worker} is left alone: ${wrong}`,
      );
    return wrong === null;
  };
  return {
    name,
    crew: directoriesIn(`${root}/${name}/crew`, warn).filter(keep('crew')),
    polecats: directoriesIn(`${root}/${name}/polecats`, warn).filter(keep('polecat')),
  };
}

function directoriesIn(path: string, warn: (message: string) => void): readonly string[] {
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter(
        (entry) =>
          !entry.name.startsWith('.') &&
          (entry.isDirectory() || (entry.isSymbolicLink() && leadsToDirectory(`${path}/${entry.name}`))),
      )
      .map((entry) => entry.name)
      .sort();
  } catch (error) {
    const code = errnoOf(error);
    if (code !== 'ENOENT') warn(`The workers in ${path} are unknown: ${inWords(code)}.`);
    return [];
  }
}

function leadsToDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
