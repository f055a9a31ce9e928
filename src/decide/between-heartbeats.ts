import type { State } from '../model/state.ts';

/**
 * What is to be remembered after deeds between two heartbeats: they are no heartbeat, and what befell the machine or the
 * tmux server since the last one is still for the next one to find. `before` is the state they began with.
 */
export function betweenHeartbeats(state: State, before: State): State {
  const { lastHeartbeat, heartbeatCount, clock } = before;
  return { ...state, lastHeartbeat, heartbeatCount, clock, home: before.home ?? state.home };
}
