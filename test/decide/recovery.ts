import { decide } from '../../src/decide/decide.ts';
import type { AgentRecord } from '../../src/model/agent-record.ts';
import type { Config } from '../../src/model/config.ts';
import { known } from '../../src/model/fact.ts';
import type { Pane } from '../../src/model/pane.ts';
import type { Outcome, Plan } from '../../src/model/plan.ts';
import type { HookedWork, Snapshot } from '../../src/model/snapshot.ts';
import { firstState, type State } from '../../src/model/state.ts';
import { agentsOf, sessionOf } from '../../src/town/identity.ts';
import { carryOut, config, epoch, manner, minutes, paneOf, rig, running, snapshotAt } from './given.ts';

/** The town of these tests: a deacon, a rig with its witness and one polecat. */
const rigs = [rig('proj', { polecats: ['toast'] })];
export const toast = 'proj/polecats/toast';

export function hookedOn(agent: string, more: Partial<HookedWork> = {}): HookedWork {
  return { id: 'gt-1', title: 'a task', agent, since: new Date(epoch - minutes(60)).toISOString(), ...more };
}

export function recordOf(agent: string, state: string, updated: string | null): AgentRecord {
  return { agent, state, notifications: null, cleanup: null, updated };
}

/** Everybody alive and fresh at that moment, but for those a test names otherwise; null: no session at all. */
export function townAt(
  elapsed: number,
  otherwise: Readonly<Record<string, Partial<Pane> | null>> = {},
  more: Partial<Snapshot> = {},
): Snapshot {
  const agents = agentsOf(more.rigs?.known ? more.rigs.value : rigs).filter(
    ({ role }) => role !== 'mayor' && role !== 'refinery',
  );
  const panes = agents.flatMap((agent, index): Pane[] => {
    const change = otherwise[agent.id];
    if (change === null) return [];
    const place = { pane: `%${index}`, agentPane: `%${index}`, pid: 100 + index };
    const activity = (epoch + elapsed) / 1000;
    return [paneOf(agent.id, sessionOf(agent), { ...place, activity, ...change })];
  });
  const base = snapshotAt(elapsed, more.rigs?.known ? more.rigs.value : rigs);
  const signs = Object.fromEntries(
    agents
      .filter(({ role }) => role === 'deacon' || role === 'witness')
      .map(({ id }) => [id, { stamp: known(epoch + elapsed) }]),
  );
  return { ...base, tmux: running(...panes), signs, ...more };
}

export const dead: Partial<Pane> = { dead: { status: 1, signal: null, at: null } };

/** A town that lives through passes, one a minute unless told otherwise. */
export function life(begin: State = firstState, how: Config = config) {
  let state = begin;
  const log: { readonly minute: number; readonly plan: Plan }[] = [];
  return {
    log,
    state: () => state,
    pass(
      snapshot: Snapshot,
      result: (action: string) => Partial<Outcome> = () => ({}),
      careful = false,
    ): Plan {
      const plan = decide(snapshot, state, how, { ...manner, careful });
      state = carryOut(plan, state, result);
      log.push({ minute: (snapshot.now.wall - epoch) / 60_000, plan });
      return plan;
    },
    /** The minutes at which actions of this kind were planned for somebody. */
    minutesOf(kind: string, agent?: string): readonly number[] {
      return log.flatMap(({ minute, plan }) =>
        plan.actions.some((action) => action.kind === kind && (agent ?? action.agent) === action.agent)
          ? [minute]
          : [],
      );
    },
    notices(): readonly string[] {
      return log.flatMap(({ plan }) =>
        plan.actions.flatMap((action) =>
          action.kind === 'alert' ? [`${action.condition} ${action.notice} to ${action.to}`] : [],
        ),
      );
    },
  };
}
