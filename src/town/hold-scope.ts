import type { Agent } from '../model/agent.ts';
import type { Hold } from '../model/rig.ts';

/** The widest hold that covers an agent: the town's before its rig's before its own; null when none does. */
export function holdOn(holds: readonly Hold[], agent: Agent): Hold | null {
  const targets = ['*', ...('rig' in agent ? [agent.rig] : []), agent.id];
  for (const target of targets) {
    const hold = holds.find((candidate) => candidate.target === target);
    if (hold !== undefined) return hold;
  }
  return null;
}
