import { countNoDeath, refusedRequest, refusedStart, spendRequest, spendStart } from '../../decide/brake.ts';
import { decide } from '../../decide/decide.ts';
import type { Agent, AgentId } from '../../model/agent.ts';
import type { Brake } from '../../model/brake.ts';
import type { Plan } from '../../model/plan.ts';
import { type AgentMemory, type Moment, noMemory } from '../../model/state.ts';
import { reasonText } from '../../show/reason.ts';
import { clockText } from '../../show/time.ts';
import { type Looked, nobody } from './hand.ts';
import type { Need } from './startable.ts';

/** `start`: it does not run; `restart`: it is ended first. */
export type Deed = 'start' | 'restart';

/**
 * What keeps an agent from having another one started: the brake that holds for the tick too, and work that was set aside.
 * Null: nothing does, or a person orders, whose word outweighs both.
 */
export function brakeOn({ id }: Agent, deed: Deed, looked: Looked): Extract<Need, { is: 'refused' }> | null {
  const { orderer } = looked;
  if (orderer.is === 'person') return null;
  const whom = orderer.is === 'agent' ? orderer.agent.id : 'whoever is no agent of this town';
  const seen = seenBy(looked);
  const { brakes } = looked.sight.config.tick;
  const { brake } = memoryIn(seen, id);
  const refused = (deed === 'start' ? refusedStart : refusedRequest)(brake, nowIn(seen), brakes);
  const parked = deed === 'start' ? parkedWork(id, seen, looked) : null;
  if (refused === null && parked === null) return null;
  const now = new Date(looked.order.now.wall);
  const until = refused?.until == null ? '' : ` until ${clockText(new Date(refused.until), now)}`;
  const why = `${reasonText(refused?.why ?? 'work-parked')}${parked === null ? '' : ` (${parked})`}${until}`;
  return {
    is: 'refused',
    code: refused?.why ?? 'work-parked',
    why: `${why}. What holds for the keeper holds for ${whom}; only a person may start it all the same`,
    hint: `gt why ${id}`,
  };
}

/** What to remember of an agent that is started now, with what it costs its brake: nothing where a person orders. */
export function spentOn(id: AgentId, deed: Deed, looked: Looked): AgentMemory {
  const { orderer, plan } = looked;
  if (orderer.is === 'person') return { ...memoryIn(plan, id), brake: null };
  const seen = seenBy(looked);
  const memory = memoryIn(seen, id);
  const { brake, started } = memory;
  const isFirst = started === null && (brake === null || brake.lastStart === null);
  const spent = deed === 'start' ? spendStart(brake, nowIn(seen), isFirst) : spendRequest(brake, nowIn(seen));
  return { ...memory, brake: spent };
}

/** The work of these agents, charged with the deaths that their starts leave no heartbeat to find. */
export function chargedWork(ids: ReadonlySet<AgentId>, looked: Looked): Plan['state']['work'] {
  const { state } = seenBy(looked);
  const before = looked.loaded.state.work;
  return before.map((one) =>
    ids.has(one.agent)
      ? (state.work.find(({ work, agent }) => work === one.work && agent === one.agent) ?? one)
      : one,
  );
}

/** The brake after somebody was stopped: a person forgets it, an agent cannot. That end is no crash. */
export function brakeAfterStop(id: AgentId, { orderer, plan }: Looked): Brake | null {
  const { brake } = memoryIn(plan, id);
  return orderer.is === 'person' || brake === null ? null : countNoDeath(brake);
}

/** Everybody as a heartbeat would see them now, with those who died since the last one counted. */
function seenBy({ sight, loaded, pass }: Looked): Plan {
  const { careful } = loaded;
  return decide(sight.snapshot, loaded.state, sight.config, { pass, careful, only: nobody, part: 'all' });
}

function parkedWork(id: AgentId, { state }: Plan, { sight }: Looked): string | null {
  const { hooked } = sight.snapshot;
  if (!hooked.known) return null;
  const one = state.work.find(
    ({ work, agent, parked }) =>
      agent === id && parked !== null && hooked.value.some((item) => item.id === work && item.agent === id),
  );
  return one?.work ?? null;
}

function memoryIn({ state }: Plan, id: AgentId): AgentMemory {
  return state.agents[id] ?? noMemory;
}

function nowIn({ state: { clock } }: Plan): Moment {
  return { at: new Date(clock?.wall ?? 0).toISOString(), awake: clock?.townAwake ?? 0 };
}
