import type { AgentMemory, State } from '../model/state.ts';

/**
 * What a pass that was cut short left behind: a nudge it had decided may stand unsubmitted in a composer. It counts as
 * stranded, so that the next pass submits what still stands there and types nothing again (design/failures.md F37).
 */
export function resumed(before: State): State {
  const state = withTriedNotices(before);
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

/** A notice of that pass may have been delivered: it is looked for before it is sent again. */
function withTriedNotices(state: State): State {
  const keys =
    state.intent?.actions.flatMap((action) => (action.kind === 'alert' ? [action.condition] : [])) ?? [];
  if (keys.length === 0) return state;
  const conditions = state.conditions.map((condition) =>
    condition.owed !== null && keys.includes(condition.key)
      ? { ...condition, owed: { ...condition.owed, tries: condition.owed.tries + 1 } }
      : condition,
  );
  return { ...state, conditions };
}
