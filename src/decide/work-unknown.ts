import type { Agent } from '../model/agent.ts';
import type { Condition } from '../model/condition.ts';
import type { Snapshot } from '../model/snapshot.ts';

/** Why it cannot be told whether an agent has work besides what is seen; null: it can (failures F23, F64). */
export function workUnknown(agent: Agent, { hooked, silentRigs = [] }: Snapshot): string | null {
  if (!hooked.known) return hooked.reason;
  return 'rig' in agent && silentRigs.includes(agent.rig)
    ? `the store of rig ${agent.rig} does not answer`
    : null;
}

/** What is wrong with work, which a rig that is silent neither shows nor ends. */
const ofWork = ['orphaned-work', 'work-parked', 'gupp-violation', 'stuck'];

/** Whether this condition, or a part of it, could not be seen in this pass: the work of its holder's rig is unknown. */
export function isOutOfSight({ code, agent, key }: Condition, { silentRigs = [] }: Snapshot): boolean {
  if (silentRigs.length === 0 || !ofWork.includes(code)) return false;
  // Work held by nobody of this town may lie in any store.
  const [rig] = code === 'orphaned-work' ? key.split(':').slice(1) : (agent?.split('/') ?? ['']);
  return rig === undefined || silentRigs.includes(rig);
}
