import type { Config } from '../model/config.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { type Moment, noMemory, type State } from '../model/state.ts';
import { holdOn } from '../town/hold-scope.ts';
import type { Requests } from './lifecycle.ts';
import { findAgent, indexPanes } from './liveness.ts';
import { remember } from './remember.ts';
import type { View } from './rule.ts';
import { isWanted } from './wanted.ts';

/** Brings together what the snapshot and the state say of each agent. */
export function viewAgents(
  snapshot: Snapshot,
  state: State,
  config: Config,
  requests: Requests,
  now: Moment,
): readonly View[] {
  const { town, tmux, holds } = snapshot;
  const index = indexPanes(tmux, town);
  return snapshot.agents.map((agent) => {
    const program = snapshot.programs[agent.id];
    const known = state.agents[agent.id] ?? noMemory;
    const { session, liveness } = findAgent(agent, tmux, index, program, known.started);
    const wanted = isWanted(agent, config.tick);
    return {
      agent,
      session,
      wanted,
      liveness,
      hold: holds.known ? holdOn(holds.value, agent) : null,
      program,
      signs: snapshot.signs[agent.id],
      unreadMail: snapshot.waiting[agent.id]?.mail ?? 0,
      request: requests.byAgent.get(agent.id) ?? null,
      memory: remember(known, liveness, index.serverPid, wanted, now),
    };
  });
}
