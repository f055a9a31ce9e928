import type { Agent, AgentId } from '../model/agent.ts';
import type { Rig } from '../model/rig.ts';
import { agentsOf } from './identity.ts';
import { nearest } from './nearest.ts';
import { agentsSpelled } from './spelling.ts';

export type Resolved =
  | { readonly kind: 'agent'; readonly agent: Agent }
  | {
      readonly kind: 'unknown';
      readonly given: string;
      readonly nearest: AgentId | null;
    }
  | {
      readonly kind: 'ambiguous';
      readonly given: string;
      readonly candidates: readonly AgentId[];
    };

/**
 * Reads any spelling of an identity (spec/tick.md §3.1): slash and dash forms, a trailing slash,
 * `rig/name` for a worker, or a session name. Resolved against the rigs and workers that exist,
 * so a worker called `x-witness` is never taken for a witness.
 */
export function resolveIdentity(given: string, rigs: readonly Rig[]): Resolved {
  const matching = agentsSpelled(given, rigs);
  const [first, ...others] = matching;
  if (first === undefined)
    return {
      kind: 'unknown',
      given,
      nearest: nearestAgent(given.trim().replace(/\/$/, ''), agentsOf(rigs)),
    };
  if (others.length > 0)
    return {
      kind: 'ambiguous',
      given,
      candidates: matching.map((agent) => agent.id),
    };
  return { kind: 'agent', agent: first };
}

/** Workers are mostly written without the middle part of their identity. */
function nearestAgent(text: string, agents: readonly Agent[]): AgentId | null {
  const ids = new Map<string, AgentId>();
  for (const agent of agents) {
    ids.set(agent.id, agent.id);
    if ('name' in agent) ids.set(`${agent.rig}/${agent.name}`, agent.id);
  }
  const found = nearest(text, [...ids.keys()]);
  return found === null ? null : (ids.get(found) ?? null);
}
