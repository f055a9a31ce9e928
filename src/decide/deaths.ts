import type { Brake, WorkMemory } from '../model/brake.ts';
import type { Config } from '../model/config.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { Moment, State } from '../model/state.ts';
import { countAlive, countDeath, countNoDeath } from './brake.ts';
import type { Gap } from './gap.ts';
import type { View } from './rule.ts';

/** Many deaths at once are one incident with one cause, not as many crashes (design/failures.md F34, F80). */
export interface Incident {
  readonly cause: 'reboot' | 'server-gone' | 'suspend' | 'killed' | 'unknown';
  readonly agents: readonly string[];
  /** What their processes had in common, for people. */
  readonly detail: string;
}

export interface Deaths {
  readonly views: readonly View[];
  readonly incident: Incident | null;
  readonly work: readonly WorkMemory[];
}

/** So many that were well a moment ago are an incident whatever its cause. */
const many = 3;

/**
 * Counts who died since the last look, each death once, and tells an incident from crashes. Who is held, unwanted or
 * cannot be told is not counted: what is kept down on purpose has not crashed.
 */
export function countDeaths(
  views: readonly View[],
  work: readonly WorkMemory[],
  { snapshot, state, gap, now, config }: Looking,
): Deaths {
  const { brakes, newbornMs } = config.tick;
  const fallen = views.filter(isNewlyDown);
  const outside = causeOutside(snapshot, state, gap);
  const together = fallen.filter(
    ({ memory }) =>
      outside !== null || (memory.started !== null && now.awake - memory.started.awake >= newbornMs),
  );
  const incident =
    together.length >= many || (together.length > 0 && (outside === 'reboot' || outside === 'server-gone'))
      ? incidentOf(together, outside)
      : null;
  const exempt = new Set(incident?.agents ?? []);
  const dead = new Set<string>();
  const looked = views.map((view) => {
    const { agent, liveness, memory } = view;
    let { brake } = memory;
    if (liveness.is === 'alive') {
      const age = memory.started === null ? 0 : now.awake - memory.started.awake;
      brake = countAlive(brake, age, brakes);
    } else if (fallen.includes(view)) {
      if (exempt.has(agent.id)) brake = countNoDeath(brake);
      else {
        brake = countDeath(brake, now, hasVanished(view, snapshot), brakes);
        dead.add(agent.id);
      }
    } else if (view.hold !== null && isDown(view) && (brake !== null || memory.started !== null)) {
      brake = countNoDeath(brake);
    }
    return brake === memory.brake ? view : { ...view, memory: { ...memory, brake } };
  });
  if (dead.size === 0) return { views: looked, incident, work };
  const killed = new Set(views.flatMap((view) => (dead.has(view.agent.id) ? (view.work?.id ?? []) : [])));
  const charged = work.map((one) => (killed.has(one.work) ? charge(one, now, brakes.workDeaths) : one));
  const byId = new Map(charged.map((one) => [one.work, one]));
  const told = looked.map((view) => {
    const remembered = view.work === null ? undefined : byId.get(view.work.id);
    return remembered === undefined || remembered === view.workMemory
      ? view
      : { ...view, workMemory: remembered, wanted: view.wanted && remembered.parked === null };
  });
  return { views: told, incident, work: charged };
}

interface Looking {
  readonly snapshot: Snapshot;
  readonly state: State;
  readonly gap: Gap | null;
  readonly now: Moment;
  readonly config: Config;
}

/** It ran, or was started by us, and does not run now; nobody has counted that yet. */
function isNewlyDown(view: View): boolean {
  const { wanted, hold, memory } = view;
  if (!wanted || hold !== null || !isDown(view)) return false;
  const { brake, started } = memory;
  return (started !== null || hasBeenStarted(brake)) && brake?.down !== true;
}

function isDown({ liveness, memory }: View): boolean {
  return (
    liveness.is === 'absent' ||
    liveness.is === 'dead' ||
    (liveness.is === 'shell' && memory.shellSightings > 1)
  );
}

function hasBeenStarted(brake: Brake | null): boolean {
  return brake !== null && brake.lastStart !== null;
}

/** A process that ends leaves its dead pane. A session that is gone while the server lives was ended by somebody. */
function hasVanished({ liveness, memory }: View, { tmux }: Snapshot): boolean {
  if (liveness.is !== 'absent' || memory.started === null || !tmux.known) return false;
  return tmux.value.kind === 'running' && tmux.value.pid === memory.started.serverPid;
}

function causeOutside({ tmux }: Snapshot, { home }: State, gap: Gap | null): Incident['cause'] | null {
  if (gap === 'boot') return 'reboot';
  const gone =
    home !== null &&
    tmux.known &&
    (tmux.value.kind === 'absent' ||
      tmux.value.pid !== home.serverPid ||
      tmux.value.started !== home.serverStarted);
  if (gone) return 'server-gone';
  return gap === 'suspend' || gap === 'pause' ? 'suspend' : null;
}

function incidentOf(fallen: readonly View[], outside: Incident['cause'] | null): Incident {
  const ends = new Set(
    fallen.map(({ liveness }) =>
      liveness.is !== 'dead'
        ? 'their sessions are gone'
        : liveness.signal === null
          ? `exit status ${liveness.status ?? 'unknown'}`
          : `signal ${liveness.signal}`,
    ),
  );
  const [only] = ends;
  const alike = ends.size === 1 && only !== undefined;
  return {
    cause: outside ?? (alike ? 'killed' : 'unknown'),
    agents: fallen.map(({ agent }) => agent.id),
    detail: alike ? only : [...ends].slice(0, 4).join(', '),
  };
}

/** The polecat on it died: after so many it is parked, whoever is next (F26). */
function charge(one: WorkMemory, now: Moment, limit: number): WorkMemory {
  const deaths = one.deaths + 1;
  return { ...one, deaths, parked: one.parked ?? (deaths >= limit ? now.at : null) };
}
