import type { Agent } from '../model/agent.ts';
import type { Hold } from '../model/rig.ts';

/** Whether a hold covers an agent: its own, its rig's or the whole town's. */
export function isCovered({ target }: Hold, agent: Agent): boolean {
  return target === '*' || target === agent.id || ('rig' in agent && target === agent.rig);
}
