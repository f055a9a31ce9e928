import type { Agent } from '../model/agent.ts';
import type { Fact } from '../model/fact.ts';
import type { Tmux } from '../model/pane.ts';
import type { Rig } from '../model/rig.ts';
import { agentsOf, rigAgent, worker } from '../town/identity.ts';

/**
 * Every agent that could exist. While the registry of rigs cannot be read: those of the rigs that were known last,
 * and whoever this town's sessions say they are.
 */
export function knownAgents(
  rigs: Fact<readonly Rig[]>,
  lastRigs: readonly string[],
  town: string,
  tmux: Fact<Tmux>,
): readonly Agent[] {
  if (rigs.known) return agentsOf(rigs.value);
  const remembered = agentsOf(lastRigs.map((name) => ({ name, crew: [], polecats: [] })));
  const panes = tmux.known && tmux.value.kind === 'running' ? tmux.value.panes : [];
  const tagged = panes.flatMap((pane) =>
    pane.town === town && pane.agent !== null ? agentNamed(pane.agent) : [],
  );
  return [...new Map([...remembered, ...tagged].map((agent) => [agent.id, agent])).values()];
}

/** An id that we wrote as `@gt_agent`, read back; town agents are known anyway. */
function agentNamed(id: string): readonly Agent[] {
  const [rig, role, name, ...rest] = id.split('/');
  if (rig === undefined || rig === '' || rest.length > 0) return [];
  if ((role === 'witness' || role === 'refinery') && name === undefined) return [rigAgent(rig, role)];
  if (name === undefined || name === '') return [];
  if (role === 'crew') return [worker(rig, 'crew', name)];
  return role === 'polecats' ? [worker(rig, 'polecat', name)] : [];
}
