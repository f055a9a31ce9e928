import type { Agent, RigRole, TownRole, WorkerRole } from '../model/agent.ts';
import type { Rig } from '../model/rig.ts';

/**
 * Identities and session names: the only place that spells or reads them.
 * The canonical identity is the slash form without trailing slash (design: identities).
 */

export function townAgent(role: TownRole): Agent {
  return { id: role, role };
}

export function rigAgent(rig: string, role: RigRole): Agent {
  return { id: `${rig}/${role}`, role, rig };
}

export function worker(rig: string, role: WorkerRole, name: string): Agent {
  return { id: `${rig}/${role === 'crew' ? 'crew' : 'polecats'}/${name}`, role, rig, name };
}

/** Those who have a round to make, and are called when they fall silent. */
export function isPoked({ role }: Agent): boolean {
  return role === 'deacon' || role === 'mayor' || role === 'witness';
}

/** Whether what a hold or a deed is about is one agent: not a rig, and not the whole town. */
export function namesOneAgent(target: string): boolean {
  return target.includes('/') || target === 'mayor' || target === 'deacon';
}

/** Every agent that could exist in a town with these rigs, in role order: the deacon first, workers last. */
export function agentsOf(rigs: readonly Rig[]): readonly Agent[] {
  return [
    townAgent('deacon'),
    townAgent('mayor'),
    ...rigs.map((rig) => rigAgent(rig.name, 'witness')),
    ...rigs.map((rig) => rigAgent(rig.name, 'refinery')),
    ...rigs.flatMap((rig) => rig.crew.map((name) => worker(rig.name, 'crew', name))),
    ...rigs.flatMap((rig) => rig.polecats.map((name) => worker(rig.name, 'polecat', name))),
  ];
}

/** The tmux session an agent lives in (spec/tick.md §3.2). */
export function sessionOf(agent: Agent): string {
  switch (agent.role) {
    case 'mayor':
    case 'deacon':
      return `gt-${agent.role}`;
    case 'witness':
    case 'refinery':
      return `gt-${agent.rig}-${agent.role}`;
    case 'crew':
      return `gt-${agent.rig}-crew-${agent.name}`;
    case 'polecat':
      return `gt-${agent.rig}-${agent.name}`;
  }
}
