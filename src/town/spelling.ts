import type { Agent } from '../model/agent.ts';
import type { Rig } from '../model/rig.ts';
import { agentsOf, sessionOf } from './identity.ts';

/** The agents of a town that can be meant by a spelling, in role order: none, one, or two workers of the same name. */
export function agentsSpelled(given: string, rigs: readonly Rig[]): readonly Agent[] {
  const text = given.trim().replace(/\/$/, '');
  return agentsOf(rigs).filter((agent) => spellings(agent).includes(text));
}

/** Every way people, agents and upstream's programs write one agent (spec/tick.md §3.1, spec/agents.md §2.4). */
function spellings(agent: Agent): readonly string[] {
  switch (agent.role) {
    case 'mayor':
    case 'deacon':
      return [agent.id, sessionOf(agent)];
    case 'witness':
    case 'refinery':
      return [agent.id, `${agent.rig}-${agent.role}`, sessionOf(agent)];
    case 'crew':
    case 'polecat':
      return [
        agent.id,
        `${agent.rig}/${agent.name}`,
        `${agent.rig}-${agent.role}-${agent.name}`,
        sessionOf(agent),
      ];
  }
}
