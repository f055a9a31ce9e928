import type { AgentId } from '../model/agent.ts';
import type { Hold } from '../model/rig.ts';
import { editHolds } from './holds-edit.ts';
import type { Layout } from './layout.ts';
import type { Editing } from './registry-edit.ts';

/**
 * An agent that asked to be shut down stays down until somebody starts it (design: lifecycle). Asking twice is once.
 * False when it was held already.
 */
export function holdAfterShutdown(layout: Layout, hold: Hold, editing: Editing): Promise<boolean> {
  return editHolds(layout, editing, (holds) => {
    const held = holds.some((other) => isShutdown(other, hold.target));
    return { result: !held, holds: held ? null : [...holds, hold] };
  });
}

/** Ends that hold: somebody starts the agent. False when there was none. What `check` throws keeps it. */
export function endShutdown(
  layout: Layout,
  agent: AgentId,
  editing: Editing,
  check: (ending: readonly Hold[]) => void = () => {},
): Promise<boolean> {
  return editHolds(layout, editing, (holds) => {
    check(holds.filter((hold) => isShutdown(hold, agent)));
    const left = holds.filter((hold) => !isShutdown(hold, agent));
    return { result: left.length < holds.length, holds: left.length < holds.length ? left : null };
  });
}

function isShutdown(hold: Hold, agent: AgentId): boolean {
  return hold.kind === 'shutdown' && hold.target === agent;
}
