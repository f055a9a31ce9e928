import type { Agent } from '../model/agent.ts';
import type { PassReport } from '../model/pass-report.ts';
import type { Action, Finding, Note, Plan } from '../model/plan.ts';
import type { Hold } from '../model/rig.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { AgentMemory, State } from '../model/state.ts';
import { holdOn } from '../town/hold-scope.ts';

/** Everything `gt status` tells, before it is put into words. */
export interface TownStatus {
  readonly name: string;
  readonly root: string;
  /** When it was looked at. */
  readonly observedAt: Date;
  readonly health: Health;
  readonly heartbeat: Heartbeat;
  readonly agents: readonly AgentStatus[];
  /** Why the town could not be looked at completely, or cannot be acted on. */
  readonly troubles: readonly string[];
  /** What a pass would do now. */
  readonly actions: readonly Action[];
  readonly notes: readonly Note[];
}

/** In the order in which one outweighs the next. */
export type Health = 'late' | 'unknown' | 'degraded' | 'healthy';

/** Is the heartbeat itself alive? */
export interface Heartbeat {
  readonly last: PassReport | null;
  /** No pass for three intervals, or none ever (design/failures.md F66). */
  readonly late: boolean;
  /** Null: now. */
  readonly nextDueAt: Date | null;
  /** Who is at work in the town at this moment, for people. */
  readonly atWork: string | null;
}

export interface AgentStatus {
  readonly agent: Agent;
  readonly finding: Finding;
  readonly hold: Hold | null;
  /** RFC 3339: since when it has been as it is; null: nobody recorded it. */
  readonly since: string | null;
  /** Nudges put off since the last delivered one, and why the last one was. */
  readonly deferrals: AgentMemory['deferrals'];
  readonly unreadMail: number;
}

/** What the status is made of. */
export interface StatusSources {
  readonly name: string;
  readonly root: string;
  readonly now: Date;
  readonly snapshot: Snapshot;
  readonly state: State;
  readonly plan: Plan;
  readonly last: PassReport | null;
  readonly nextDueAt: Date | null;
  readonly atWork: string | null;
  readonly warnings: readonly string[];
}

/** Puts a town's status together. Pure. */
export function townStatus(sources: StatusSources): TownStatus {
  const { name, root, now, snapshot, plan, last, nextDueAt, atWork, warnings } = sources;
  const heartbeat = { last, late: isLate(last, now), nextDueAt, atWork };
  const agents = agentStatuses(sources);
  const troubles = [
    ...snapshot.obstacles.map(({ message }) => message),
    ...(snapshot.holds.known ? [] : [`Holds are unknown, so nothing is started: ${snapshot.holds.reason}`]),
    ...warnings,
    ...plan.warnings.map(({ message }) => message),
  ];
  const health = healthOf(heartbeat, snapshot, agents);
  const { actions, notes } = plan;
  return { name, root, observedAt: now, health, heartbeat, agents, troubles, actions, notes };
}

/** An agent that should run, may run, and does not. */
export function isUnwell({ finding, hold }: AgentStatus): boolean {
  const { wanted, liveness } = finding;
  return wanted && hold === null && liveness.is !== 'alive';
}

function agentStatuses({ snapshot, plan, state }: StatusSources): readonly AgentStatus[] {
  const findings = new Map(plan.findings.map((finding) => [finding.agent, finding]));
  return snapshot.agents.flatMap((agent) => {
    const finding = findings.get(agent.id);
    if (finding === undefined) return [];
    const now = plan.state.agents[agent.id] ?? state.agents[agent.id];
    const alive = finding.liveness.is === 'alive';
    return [
      {
        agent,
        finding,
        hold: snapshot.holds.known ? holdOn(snapshot.holds.value, agent) : null,
        deferrals: now?.deferrals ?? null,
        since: (alive ? now?.started?.at : now?.troubleSince) ?? null,
        unreadMail: snapshot.waiting[agent.id]?.mail ?? 0,
      },
    ];
  });
}

/** How many intervals may pass without a heartbeat. */
const patience = 3;

function isLate(last: PassReport | null, now: Date): boolean {
  if (last === null || last.started_at === null || last.interval_seconds === null) return true;
  return now.getTime() - Date.parse(last.started_at) > patience * last.interval_seconds * 1000;
}

function healthOf(heartbeat: Heartbeat, snapshot: Snapshot, agents: readonly AgentStatus[]): Health {
  if (heartbeat.late) return 'late';
  if (!snapshot.tmux.known || !snapshot.rigs.known || !snapshot.holds.known) return 'unknown';
  if (snapshot.obstacles.some(({ code }) => code !== 'go-daemon')) return 'unknown';
  const failing = heartbeat.last !== null && heartbeat.last.exit !== 0;
  return failing || snapshot.obstacles.length > 0 || agents.some(isUnwell) ? 'degraded' : 'healthy';
}
