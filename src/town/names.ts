import type { WorkerRole } from '../model/agent.ts';
import type { Rig } from '../model/rig.ts';
import { polecatClash, rigsClash, rivalsOfPolecat } from './name-clash.ts';

/**
 * What a rig or a worker may be called. tmux rewrites `.` and `:` in session names (spec/tick.md §3.2), and hyphens
 * let two agents share a spelling (spec/tick.md §3.1), so a name that could ever be taken for another agent's is refused.
 */

const longest = 64;

/** Directories of a town, role words and upstream's own names: a rig called so could not be told from them. */
const reservedRigs = new Set([
  'boot',
  'config',
  'crew',
  'daemon',
  'deacon',
  'docs',
  'dogs',
  'estop',
  'hq',
  'logs',
  'mail',
  'mayor',
  'node_modules',
  'overseer',
  'plugins',
  'polecat',
  'polecats',
  'refinery',
  'rig',
  'rigs',
  'roles',
  'scripts',
  'settings',
  'shared',
  'spawn',
  'store',
  'town',
  'witness',
]);

/** Words that stand where a worker's name could stand, as in `proj/witness`. */
const reservedWorkers = new Set([
  'boot',
  'crew',
  'deacon',
  'mayor',
  'overseer',
  'polecat',
  'polecats',
  'refinery',
  'rig',
  'settings',
  'witness',
]);

/** Why a new rig of a town with these rigs cannot have this name: a sentence, or null when it can. */
export function checkRigName(name: string, rigs: readonly Rig[]): string | null {
  const wrong = wrongRigName(name);
  if (wrong !== null) return wrong;
  const same = rigs.find((rig) => rig.name.toLowerCase() === name.toLowerCase());
  if (same !== undefined) {
    return same.name === name
      ? `There is a rig ${name} already.`
      : `A rig ${same.name} exists, and some file systems do not tell it from ${name}.`;
  }
  for (const rig of rigs) {
    if (rigsClash(rig.name, name))
      return `Agents of a rig ${name} could be taken for those of the rig ${rig.name}.`;
    const worker = rig.polecats.find((polecat) => polecatClash(rig.name, polecat, name));
    if (worker !== undefined) {
      return `The polecat ${rig.name}/polecats/${worker} could be taken for an agent of a rig ${name}.`;
    }
  }
  return null;
}

/** Why a new worker of this rig cannot have this name: a sentence, or null when it can. */
export function checkWorkerName(
  name: string,
  rig: string,
  role: WorkerRole,
  rigs: readonly Rig[],
): string | null {
  const wrong = wrongWorkerName(name, role);
  if (wrong !== null) return wrong;
  const home = rigs.find((candidate) => candidate.name === rig);
  const others = (role === 'crew' ? home?.crew : home?.polecats) ?? [];
  const same = others.find((other) => other.toLowerCase() === name.toLowerCase());
  if (same !== undefined) {
    return same === name
      ? `The rig ${rig} has a ${role} worker ${name} already.`
      : `The rig ${rig} has a ${role} worker ${same}, and some file systems do not tell it from ${name}.`;
  }
  const shared = sharedBox(name, rig, role, rigs);
  if (shared !== null) return shared;
  return role === 'crew' ? null : confusedWith(name, rig, new Set(rigs.map((candidate) => candidate.name)));
}

/** Why a worker would read the mail of one of the rig's other workers (spec/agents.md §2.4); null when it would not. */
export function sharedBox(name: string, rig: string, role: WorkerRole, rigs: readonly Rig[]): string | null {
  const home = rigs.find((candidate) => candidate.name === rig);
  const others = (role === 'crew' ? home?.polecats : home?.crew) ?? [];
  const namesake = others.find((other) => other.toLowerCase() === name.toLowerCase());
  if (namesake === undefined) return null;
  const what = role === 'crew' ? 'polecat' : 'crew worker';
  return `The rig ${rig} has a ${what} ${namesake} already, and ${rig}/${name} would mean both: they would share one mailbox.`;
}

/** What is wrong with a rig's name by itself, whatever else the town holds. */
export function wrongRigName(name: string): string | null {
  const wrong = wrongCharacters(name, 'A rig');
  if (wrong !== null) return wrong;
  return reservedRigs.has(name.toLowerCase())
    ? `A rig cannot be called ${name}: the town uses that name.`
    : null;
}

/** What is wrong with a worker's name by itself. */
export function wrongWorkerName(name: string, role: WorkerRole): string | null {
  const wrong = wrongCharacters(name, 'A worker');
  if (wrong !== null) return wrong;
  if (reservedWorkers.has(name.toLowerCase()))
    return `A worker cannot be called ${name}: the town uses that name.`;
  return role === 'polecat' && name.startsWith('crew-')
    ? `A polecat cannot be called ${name}: its session would be that of the crew worker ${name.slice('crew-'.length)}.`
    : null;
}

/** Why a polecat could be taken for an agent of another of these rigs; null when it cannot. */
export function confusedWith(name: string, rig: string, rigNames: ReadonlySet<string>): string | null {
  // Every clash needs a hyphen in the name: nothing to look up in most towns.
  if (!name.includes('-')) return null;
  const other = rivalsOfPolecat(rig, name).find(
    (rival) => rival !== rig && rigNames.has(rival) && polecatClash(rig, name, rival),
  );
  return other === undefined
    ? null
    : `A polecat ${name} of the rig ${rig} could be taken for an agent of the rig ${other}.`;
}

function wrongCharacters(name: string, what: string): string | null {
  if (name === '') return `${what} needs a name.`;
  if (name.length > longest)
    return `${what}'s name has at most ${longest} characters; this one has ${name.length}.`;
  if (name.startsWith('-')) return `${what}'s name cannot begin with a hyphen: ${JSON.stringify(name)}.`;
  if (/^[A-Za-z0-9_-]+$/.test(name)) return null;
  return `${what}'s name consists of letters, digits, _ and -: ${JSON.stringify(name)} does not.`;
}
