import type { Rig } from '../model/rig.ts';
import { type AgentStatus, isUnwell, type TownStatus } from './status.ts';

/** What only the directories of a rig tell (spec/agents.md §3.2). */
export interface RigPlaces {
  readonly hasWitness: boolean;
  readonly hasRefinery: boolean;
}

/** A person, as `mayor/overseer.json` describes one. */
export interface Overseer {
  readonly name: string;
  readonly email: string;
  readonly username: string;
  readonly source: string;
}

const roles = {
  mayor: 'coordinator',
  deacon: 'health-check',
  witness: 'witness',
  refinery: 'refinery',
  crew: 'crew',
  polecat: 'polecat',
} as const;

/** `gt status --json`: upstream's keys (spec/agents.md §3.2), then ours. Lists are never null. */
export function statusDocument(
  status: TownStatus,
  rigs: readonly Rig[],
  placesOf: (rig: string) => RigPlaces,
  overseer: Overseer | null,
): object {
  const observedAt = status.observedAt.toISOString();
  const ofRig = new Map<string, AgentStatus[]>(rigs.map(({ name }) => [name, []]));
  const ofTown: AgentStatus[] = [];
  for (const one of status.agents) ('rig' in one.agent ? (ofRig.get(one.agent.rig) ?? []) : ofTown).push(one);
  const shown = rigs.map((rig) =>
    rigDocument(rig, placesOf(rig.name), ofRig.get(rig.name) ?? [], observedAt),
  );
  return {
    name: status.name,
    location: status.root,
    overseer: { ...(overseer ?? { name: 'overseer' }), unread_mail: status.overseerMail },
    agents: [...ofTown].sort(mayorFirst).map((one) => agentDocument(one, observedAt)),
    rigs: shown,
    summary: {
      rig_count: rigs.length,
      polecat_count: shown.reduce((sum, rig) => sum + rig.polecat_count, 0),
      crew_count: shown.reduce((sum, rig) => sum + rig.crew_count, 0),
      witness_count: shown.filter((rig) => rig.has_witness).length,
      refinery_count: shown.filter((rig) => rig.has_refinery).length,
      active_hooks: status.agents.filter(hasWork).length,
    },
    health: status.health,
    observed_at: observedAt,
    heartbeat: heartbeatDocument(status),
    troubles: status.troubles,
    unwell: status.agents.filter(isUnwell).map(({ agent }) => agent.id),
    work_of_nobody: status.nobodys.map(({ id, agent }) => ({ id, agent })),
    holds: status.holds,
    alerts: status.conditions,
    bill: status.bill,
    next: status.actions.map(({ id, kind, agent, why }) => ({ id, kind, agent, why })),
  };
}

function heartbeatDocument({ heartbeat }: TownStatus): object {
  const { last, late, nextDueAt, atWork } = heartbeat;
  return {
    late,
    last_pass: last?.pass ?? null,
    last_started_at: last?.started_at ?? null,
    last_finished_at: last?.finished_at ?? null,
    last_exit: last?.exit ?? null,
    interval_seconds: last?.interval_seconds ?? null,
    next_due_at: nextDueAt?.toISOString() ?? null,
    at_work: atWork,
  };
}

function rigDocument(rig: Rig, places: RigPlaces, agents: readonly AgentStatus[], observedAt: string) {
  return {
    name: rig.name,
    polecats: rig.polecats,
    polecat_count: rig.polecats.length,
    crews: rig.crew,
    crew_count: rig.crew.length,
    has_witness: places.hasWitness,
    has_refinery: places.hasRefinery,
    hooks: agents.map((one) => ({
      agent: addressOf(one.agent),
      role: one.agent.role,
      has_work: hasWork(one),
      ...firstWork(one, 'title'),
    })),
    agents: agents.map((one) => agentDocument(one, observedAt)),
  };
}

/** What slows an agent's starts down, as far as others may rely on it. */
function brakeDocument(brake: AgentStatus['brake']): object | null {
  if (brake === null) return null;
  const { attempts, deaths, open, withheld, failure } = brake;
  return {
    attempts,
    deaths: deaths.length,
    open_since: open?.since ?? null,
    withheld_since: withheld,
    failure,
  };
}

function hasWork({ work }: AgentStatus): boolean {
  return work !== null && work.length > 0;
}

/** Upstream has one piece of work on a hook: the oldest of ours. */
function firstWork({ work }: AgentStatus, title: 'title' | 'work_title'): object {
  const [first] = work ?? [];
  if (first === undefined) return {};
  return title === 'title'
    ? { molecule: first.id, title: first.title }
    : { hook_bead: first.id, work_title: first.title };
}

function agentDocument(one: AgentStatus, observedAt: string): object {
  const { agent, finding, hold, since, deferrals, unreadMail, firstSubject, brake, blocked, misprimed } = one;
  const { liveness, session, wanted } = finding;
  const told = liveness.is !== 'unknown';
  return {
    name: 'name' in agent ? agent.name : agent.role,
    address: addressOf(agent),
    session,
    role: roles[agent.role],
    running: liveness.is === 'alive',
    has_work: hasWork(one),
    unread_mail: unreadMail,
    ...(firstSubject === null ? {} : { first_subject: firstSubject }),
    ...firstWork(one, 'work_title'),
    id: agent.id,
    alive: told ? liveness.is === 'alive' : null,
    liveness,
    wanted,
    hold,
    since,
    deferrals,
    brake: brakeDocument(brake),
    blocked: blocked === null ? null : { kind: blocked.kind, since: blocked.since, until: blocked.until },
    misprimed: misprimed === null ? null : { since: misprimed.since, as: misprimed.as },
    observed_at: observedAt,
  };
}

/** As upstream writes it: town agents with a slash, polecats without their directory. */
function addressOf(agent: AgentStatus['agent']): string {
  if (!('rig' in agent)) return `${agent.role}/`;
  return agent.role === 'polecat' ? `${agent.rig}/${agent.name}` : agent.id;
}

function mayorFirst(a: AgentStatus, b: AgentStatus): number {
  return Number(b.agent.role === 'mayor') - Number(a.agent.role === 'mayor');
}
