import type { Condition } from '../model/condition.ts';
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

/** A notice of that pass may have been delivered: it is looked for before it is sent again, and counts as told meanwhile. */
function withTriedNotices(state: State): State {
  const { intent, clock } = state;
  const tried = new Map(
    intent?.actions.flatMap((action) =>
      action.kind === 'alert' ? [[action.condition, action.notice] as const] : [],
    ),
  );
  if (intent === null || tried.size === 0) return state;
  const then = { at: intent.at, awake: clock?.townAwake ?? 0 };
  const conditions = state.conditions.map((condition): Condition => {
    const { owed, key } = condition;
    const kind = tried.get(key);
    if (owed === null || kind === undefined) return condition;
    // A reminder is known by when the notice before it was told.
    const told = kind === owed.kind && kind !== 'reminder' ? { ...then, kind } : condition.told;
    return { ...condition, owed: { ...owed, tries: owed.tries + 1 }, told };
  });
  return { ...state, conditions };
}
