import { betweenHeartbeats } from '../../decide/between-heartbeats.ts';
import { resumed } from '../../decide/resumed.ts';
import type { State } from '../../model/state.ts';
import type { Looked } from './hand.ts';

/**
 * What is remembered before anything was done: the rigs as they are now, everything else as before. What has happened
 * since the last heartbeat is for the next one to find, count and charge.
 */
export function memoryOf({ plan, loaded }: Looked): State {
  const before = resumed(loaded.state);
  const { startedAt, home, rigs } = plan.state;
  return betweenHeartbeats({ ...before, startedAt, home, rigs, intent: null }, loaded.state);
}
