import { resumed } from '../../decide/resumed.ts';
import type { State } from '../../model/state.ts';
import type { Looked } from './hand.ts';

/** What is remembered before anything was done: the clocks and the rigs as they are now, everybody as before. */
export function memoryOf({ plan, loaded }: Looked): State {
  const before = resumed(loaded.state);
  return { ...plan.state, agents: before.agents, claims: before.claims, intent: null };
}
