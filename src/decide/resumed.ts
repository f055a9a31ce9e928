import type { AgentMemory, State } from '../model/state.ts';

/**
 * What a pass that was cut short left behind: a nudge it had decided may stand unsubmitted in a composer. It counts as
 * stranded, so that the next pass submits what still stands there and types nothing again (design/failures.md F37).
 */
export function resumed(state: State): State {
  const cut = state.intent?.actions.filter(({ kind }) => kind === 'nudge') ?? [];
  if (cut.length === 0) return state;
  const agents: Record<string, AgentMemory> = { ...state.agents };
  for (const { agent } of cut) {
    const memory = agents[agent];
    if (memory === undefined || memory.slot === null || memory.slot.consumed) continue;
    agents[agent] = { ...memory, slot: { ...memory.slot, stranded: true } };
  }
  return { ...state, agents };
}
