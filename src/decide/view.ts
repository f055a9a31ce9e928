import type { AgentId } from '../model/agent.ts';
import type { WorkMemory } from '../model/brake.ts';
import type { Config } from '../model/config.ts';
import type { Action } from '../model/plan.ts';
import type { HookedWork, Snapshot } from '../model/snapshot.ts';
import { type Moment, noMemory, type State } from '../model/state.ts';
import { holdOn } from '../town/hold-scope.ts';
import type { Requests } from './lifecycle.ts';
import { findAgent, indexPanes } from './liveness.ts';
import { ownSigns } from './own-signs.ts';
import { remember } from './remember.ts';
import type { View } from './rule.ts';
import { isWanted } from './wanted.ts';

/** Brings together what the snapshot and the state say of each agent. `work` is what is remembered of hooked work. */
export function viewAgents(
  snapshot: Snapshot,
  state: State,
  config: Config,
  requests: Requests,
  work: readonly WorkMemory[],
  now: Moment,
): readonly View[] {
  const { town, tmux, holds, hooked, records } = snapshot;
  const index = indexPanes(tmux, town);
  const onHook = firstByAgent(hooked.known ? hooked.value : []);
  return snapshot.agents.map((agent) => {
    const { id } = agent;
    const program = snapshot.programs[id];
    const known = state.agents[id] ?? noMemory;
    const { session, liveness, output, below } = findAgent(agent, tmux, index, program, known.started);
    const item = onHook.get(id) ?? null;
    const duty = {
      work: item,
      workMemory: item === null ? null : (work.find((one) => one.work === item.id) ?? null),
      record: records.known ? (records.value[id] ?? null) : null,
    };
    const start = startBegun(id, state);
    // Only a person's or an agent's command starts somebody because it was asked to.
    const asked = liveness.is !== 'alive' && start?.why === 'asked';
    const wanted = asked || isWanted(agent, config.tick, duty);
    return {
      agent,
      session,
      wanted,
      asked,
      liveness,
      hold: holds.known ? holdOn(holds.value, agent) : null,
      program,
      signs: ownSigns(snapshot.signs[id], liveness, index),
      unreadMail: snapshot.waiting[id]?.mail ?? 0,
      ...duty,
      output,
      request: requests.byAgent.get(id) ?? null,
      memory: remember(
        known,
        liveness,
        { serverPid: index.serverPid, below, begun: start !== undefined },
        wanted,
        now,
      ),
    };
  });
}

/** The start of it that a pass which was cut short was about to make: who is found there now is the one. */
function startBegun(id: AgentId, { intent }: State): Action | undefined {
  return intent?.actions.find(({ kind, agent }) => agent === id && (kind === 'start' || kind === 'recreate'));
}

function firstByAgent(hooked: readonly HookedWork[]): ReadonlyMap<AgentId, HookedWork> {
  const first = new Map<AgentId, HookedWork>();
  for (const item of hooked) if (!first.has(item.agent)) first.set(item.agent, item);
  return first;
}
