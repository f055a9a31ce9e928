import type { Config } from '../model/config.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { type Moment, noMemory, type State } from '../model/state.ts';
import { holdOn } from '../town/hold-scope.ts';
import { sessionOf } from '../town/identity.ts';
import type { Requests } from './lifecycle.ts';
import { bySession, livenessOf } from './liveness.ts';
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
  const sessions = bySession(tmux);
  const serverPid = tmux.known && tmux.value.kind === 'running' ? tmux.value.pid : 0;
  return snapshot.agents.map((agent) => {
    const session = sessionOf(agent);
    const program = snapshot.programs[agent.id];
    const liveness = livenessOf(agent, session, town, tmux, sessions, program);
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
      memory: remember(state.agents[agent.id] ?? noMemory, liveness, serverPid, wanted, now),
    };
  });
}
