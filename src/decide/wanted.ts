import type { Agent } from '../model/agent.ts';
import type { TickConfig } from '../model/config.ts';

/**
 * Is this agent one the tick keeps running? The deacon and one witness per rig always, mayor and refineries
 * where `tick.keep` names them, workers never by this rule (design: which agents are kept running).
 */
export function isWanted(agent: Agent, config: TickConfig): boolean {
  switch (agent.role) {
    case 'deacon':
    case 'witness':
      return true;
    case 'mayor':
    case 'refinery':
      return config.keep.includes(agent.role);
    case 'crew':
    case 'polecat':
      return false;
  }
}
