import type { Agent } from '../model/agent.ts';
import type { AgentRecord } from '../model/agent-record.ts';
import type { WorkMemory } from '../model/brake.ts';
import type { TickConfig } from '../model/config.ts';
import type { HookedWork } from '../model/snapshot.ts';

/**
 * Is this agent one the tick keeps running? The deacon and one witness per rig always, mayor and refineries
 * where `tick.keep` names them, a polecat while it holds open work, crew never (design: which agents are kept running).
 */
export function isWanted(agent: Agent, config: TickConfig, duty: Duty): boolean {
  switch (agent.role) {
    case 'deacon':
    case 'witness':
      return true;
    case 'mayor':
    case 'refinery':
      return config.keep.includes(agent.role);
    case 'crew':
      return false;
    case 'polecat':
      return duty.work !== null && duty.workMemory?.parked == null && !hasFinished(duty.record);
  }
}

/** What an agent is to do, as far as the store knows. */
export interface Duty {
  readonly work: HookedWork | null;
  readonly workMemory: WorkMemory | null;
  readonly record: AgentRecord | null;
}

/** States after which an agent is not to come back by itself, whatever is still on its hook (spec/tick.md §7.4). */
const finished = ['done', 'stopped', 'nuked', 'killed', 'paused', 'muted', 'awaiting-gate'];

export function hasFinished(record: AgentRecord | null): boolean {
  return record !== null && record.state !== null && finished.includes(record.state);
}
