import type { Agent } from '../../model/agent.ts';
import { deaconText } from './deacon.ts';
import { mayorText } from './mayor.ts';
import { refineryText } from './refinery.ts';
import { witnessText } from './witness.ts';
import { crewText, polecatText } from './worker.ts';

/**
 * Who an agent is and what it does, as `gt prime` tells it (spec/agents.md §3.1). Markdown; commands stand between
 * back-quotes, what is to be filled in is in capitals, and every command named exists.
 */
export function roleText(agent: Agent): string {
  switch (agent.role) {
    case 'deacon':
      return deaconText;
    case 'mayor':
      return mayorText;
    case 'witness':
      return witnessText(agent.rig);
    case 'refinery':
      return refineryText(agent.rig);
    case 'crew':
      return crewText(agent.rig, agent.name);
    case 'polecat':
      return polecatText(agent.rig, agent.name);
  }
}
