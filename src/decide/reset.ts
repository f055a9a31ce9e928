import type { AgentId } from '../model/agent.ts';
import { noMemory, type State } from '../model/state.ts';

/** What `gt reset AGENT` forgets: its brake, what its screen said, how far it was pursued, and the deaths over its work. */
export function resetAgent(state: State, agent: AgentId): State {
  const memory = state.agents[agent] ?? noMemory;
  const reset = { ...memory, brake: null, ladder: null, blocked: null, misprimed: null };
  return {
    ...state,
    agents: agent in state.agents ? { ...state.agents, [agent]: reset } : state.agents,
    work: state.work.map((one) => (one.agent === agent ? { ...one, deaths: 0, parked: null } : one)),
  };
}
