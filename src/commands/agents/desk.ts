import { exitStatus, Failure } from '../../exit.ts';
import type { Agent, RigRole, TownRole } from '../../model/agent.ts';
import type { Rig } from '../../model/rig.ts';
import { rigAgent, townAgent } from '../../town/identity.ts';
import type { Layout } from '../../town/layout.ts';
import { nearest } from '../../town/nearest.ts';
import { resolveIdentity } from '../../town/resolve.ts';
import { loadRigs } from '../../town/rigs.ts';
import type { Context } from '../context.ts';
import { townOf } from '../rigs/rig.ts';
import { standingAgent, standingRig } from '../standing.ts';

/** A command about agents that are named by their role, their rig or their own name. */
export interface Desk {
  readonly at: Layout;
  readonly rigs: readonly Rig[];
  readonly context: Context;
}

/** `reading`: the command changes nothing. */
export function deskIn(town: string | undefined, context: Context, reading = false): Desk {
  const at = townOf(town, context, { reading });
  const { rigs } = loadRigs(at);
  if (!rigs.known)
    throw new Failure(
      'rigs-unknown',
      exitStatus.data,
      `Which agents exist is unknown: ${rigs.reason}.`,
      'gt rig list',
    );
  return { at, rigs: rigs.value, context };
}

/** The town's mayor or deacon, or the witness or refinery of a rig; the rig in any spelling, or found from here. */
export function agentOf(
  role: TownRole | RigRole,
  given: string | undefined,
  desk: Desk,
  verb: string,
): Agent {
  if (role === 'mayor' || role === 'deacon') return townAgent(role);
  const rig = given === undefined ? rigHere(desk, `gt ${role} ${verb} RIG`) : rigNamed(given, role, desk);
  return rigAgent(rig, role);
}

/** The rig a command is about when none is named; none is found → 1 (spec/agents.md §1.1, §1.5). */
export function rigHere({ at, rigs, context }: Desk, hint: string): string {
  const names = rigs.map(({ name }) => name);
  const here = standingRig(at.root, context, names);
  if (here !== null) return here;
  throw new Failure(
    'rig-unclear',
    exitStatus.failed,
    `Error: could not determine rig: this directory is in none. The rigs are: ${names.join(', ') || '(none)'}.`,
    hint,
  );
}

/** A rig by its name, or by any spelling of its agent of this role. */
export function rigNamed(given: string, role: RigRole | null, { rigs }: Pick<Desk, 'rigs'>): string {
  const text = given.trim().replace(/\/$/, '');
  if (rigs.some(({ name }) => name === text)) return text;
  const resolved = resolveIdentity(given, rigs);
  if (resolved.kind === 'agent' && resolved.agent.role === role && 'rig' in resolved.agent)
    return resolved.agent.rig;
  if (resolved.kind === 'agent' && role !== null)
    throw new Failure(
      'wrong-role',
      exitStatus.usage,
      `${resolved.agent.id} is not a ${role}.`,
      `gt ${role} status RIG`,
    );
  throw noRig(text, rigs);
}

function noRig(name: string, rigs: readonly Rig[]): Failure {
  const meant = nearest(
    name,
    rigs.map((rig) => rig.name),
  );
  const question = meant === null ? '' : `. Did you mean ${meant}?`;
  return new Failure(
    'rig-unknown',
    exitStatus.failed,
    `Error: rig '${name}' not found${question}`,
    'gt rig list',
  );
}

/** Whose place the current directory is, if it is a worker's of this kind. */
export function workerHere(
  role: 'crew' | 'polecat',
  { at, context }: Desk,
): Extract<Agent, { name: string }> | null {
  const here = standingAgent(at.root, context.cwd);
  return here !== null && here.role === role && 'name' in here ? here : null;
}
