import { exitStatus, Failure } from '../../exit.ts';
import type { Agent } from '../../model/agent.ts';
import { worker } from '../../town/identity.ts';
import { nearest } from '../../town/nearest.ts';
import { resolveIdentity } from '../../town/resolve.ts';
import { type Desk, rigHere, rigNamed, workerHere } from './desk.ts';

export interface Named {
  readonly names: readonly string[];
  readonly rig?: string | undefined;
  readonly all?: boolean | undefined;
}

/**
 * The crew workers a command line means: names, in any spelling; a project followed by names; `--all`; nothing for the
 * one whose workspace this is (spec/agents.md §1.5).
 */
export function crewNamed({ names, rig, all = false }: Named, desk: Desk): readonly Agent[] {
  const [first = '', ...rest] = names;
  const project = first.replace(/\/$/, '');
  if (rig === undefined && desk.rigs.some(({ name }) => name === project))
    return rest.length > 0 ? rest.map((name) => crewOf(name, project, desk)) : everyone(project, all, desk);
  if (all && names.length === 0)
    return everyone(rig === undefined ? null : rigNamed(rig, null, desk), true, desk);
  if (names.length > 0) {
    const home = rig === undefined ? null : rigNamed(rig, null, desk);
    return names.map((name) => crewOf(name, home, desk));
  }
  const here = workerHere('crew', desk);
  if (here !== null) return [here];
  throw new Failure(
    'no-worker',
    exitStatus.usage,
    'It must say which crew workers: this directory is in no workspace of one.',
    'gt crew list',
  );
}

function everyone(rig: string | null, all: boolean, { rigs }: Desk): readonly Agent[] {
  if (!all)
    throw new Failure(
      'no-worker',
      exitStatus.usage,
      `It must say which crew workers of ${rig ?? 'which rig'}, or --all.`,
      'gt crew list',
    );
  return rigs
    .filter(({ name }) => rig === null || name === rig)
    .flatMap(({ name, crew }) => crew.map((one) => worker(name, 'crew', one)));
}

/** A crew worker by its name in a rig, or in any spelling of its identity. */
function crewOf(given: string, rig: string | null, desk: Desk): Agent {
  const { rigs } = desk;
  const resolved = given.includes('/') || given.startsWith('gt-') ? resolveIdentity(given, rigs) : null;
  if (resolved?.kind === 'agent' && resolved.agent.role === 'crew') return resolved.agent;
  if (resolved?.kind === 'ambiguous') {
    // `proj/max` may be a polecat's short form too; here only crew is meant.
    const [rigPart = '', name = ''] = given.split('/');
    if (rigs.some((one) => one.name === rigPart && one.crew.includes(name)))
      return worker(rigPart, 'crew', name);
  }
  if (given.includes('/')) throw noCrew(given, desk);
  const home = rig ?? onlyRigWith(given, desk) ?? rigHere(desk, 'gt crew list');
  if (rigs.some((one) => one.name === home && one.crew.includes(given))) return worker(home, 'crew', given);
  throw noCrew(given, desk);
}

/** A name that only one rig has needs no rig. */
function onlyRigWith(name: string, { rigs }: Desk): string | null {
  const [one, ...others] = rigs.filter(({ crew }) => crew.includes(name));
  return one !== undefined && others.length === 0 ? one.name : null;
}

function noCrew(given: string, { rigs }: Desk): Failure {
  const known = rigs.flatMap(({ name, crew }) => crew.map((one) => `${name}/${one}`));
  const meant = nearest(given.replace('/crew/', '/'), [
    ...known,
    ...known.map((one) => one.split('/')[1] ?? ''),
  ]);
  const question = meant === null ? '' : ` Did you mean ${meant}?`;
  return new Failure(
    'worker-unknown',
    exitStatus.failed,
    `There is no crew worker ${given}.${question}`,
    'gt crew list',
  );
}
