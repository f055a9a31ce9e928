import type { Agent } from '../model/agent.ts';
import type { BillLine } from '../model/bill.ts';
import type { Condition } from '../model/condition.ts';
import type { PassReport } from '../model/pass-report.ts';
import type { Action, Finding, Note, Plan } from '../model/plan.ts';
import type { Hold } from '../model/rig.ts';
import type { HookedWork, Snapshot } from '../model/snapshot.ts';
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
  /** Every hold in force, an `ESTOP` file and parked rigs included; what cannot be read is among the troubles. */
  readonly holds: readonly Hold[];
  /** What is wrong for a while and not over. */
  readonly conditions: readonly Condition[];
  readonly bill: Bill;
  /** Why the town could not be looked at completely, or cannot be acted on. */
  readonly troubles: readonly string[];
  /** What a pass would do now. */
  readonly actions: readonly Action[];
  readonly notes: readonly Note[];
}

/** What the keeper did to the town's agents today. */
export interface Bill {
  readonly total: Omit<BillLine, 'day' | 'agent'>;
  /** Whom it did most to, first. */
  readonly lines: readonly BillLine[];
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
  /** What slows its starts down. */
  readonly brake: AgentMemory['brake'];
  /** What its screen said keeps it from working. */
  readonly blocked: AgentMemory['blocked'];
  /** It runs and never reported as itself. */
  readonly misprimed: AgentMemory['misprimed'];
  /** Work on its hook, oldest first; null where the store does not say. */
  readonly work: readonly HookedWork[] | null;
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
  const holds = snapshot.holds.known ? snapshot.holds.value : [];
  const conditions = plan.state.conditions.filter(({ over }) => over === null);
  const bill = billOf(plan.state, now);
  return {
    name,
    root,
    observedAt: now,
    health,
    heartbeat,
    agents,
    holds,
    conditions,
    bill,
    troubles,
    actions,
    notes,
  };
}

function billOf({ bill }: State, now: Date): Bill {
  const two = (value: number): string => String(value).padStart(2, '0');
  const today = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  const lines = bill.filter(({ day }) => day === today).sort((a, b) => weightOf(b) - weightOf(a));
  const sum = (key: 'starts' | 'nudges' | 'kills' | 'followed') =>
    lines.reduce((total, line) => total + line[key], 0);
  return {
    total: { starts: sum('starts'), nudges: sum('nudges'), kills: sum('kills'), followed: sum('followed') },
    lines,
  };
}

function weightOf({ starts, nudges, kills }: BillLine): number {
  return starts + nudges + kills;
}

/** An agent that should run, may run, and does not. */
export function isUnwell({ finding, hold }: AgentStatus): boolean {
  const { wanted, liveness } = finding;
  return wanted && hold === null && liveness.is !== 'alive';
}

function agentStatuses({ snapshot, plan, state }: StatusSources): readonly AgentStatus[] {
  const findings = new Map(plan.findings.map((finding) => [finding.agent, finding]));
  const hooked = snapshot.hooked.known ? hooksOf(snapshot.hooked.value) : null;
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
        brake: now?.brake ?? null,
        blocked: now?.blocked ?? null,
        misprimed: now?.misprimed ?? null,
        work: hooked === null ? null : (hooked.get(agent.id) ?? []),
      },
    ];
  });
}

function hooksOf(hooked: readonly HookedWork[]): ReadonlyMap<string, readonly HookedWork[]> {
  const byAgent = new Map<string, HookedWork[]>();
  for (const one of hooked) byAgent.set(one.agent, [...(byAgent.get(one.agent) ?? []), one]);
  return byAgent;
}

/** How many intervals may pass without a heartbeat. */
const patience = 3;

/** No pass for three intervals, or none ever (design/failures.md F66). */
export function isLate(last: PassReport | null, now: Date): boolean {
  if (last === null || last.started_at === null || last.interval_seconds === null) return true;
  return now.getTime() - Date.parse(last.started_at) > patience * last.interval_seconds * 1000;
}

function healthOf(heartbeat: Heartbeat, snapshot: Snapshot, agents: readonly AgentStatus[]): Health {
  if (heartbeat.late) return 'late';
  if (!snapshot.tmux.known || !snapshot.rigs.known || !snapshot.holds.known) return 'unknown';
  if (snapshot.obstacles.some(({ code }) => code !== 'go-daemon')) return 'unknown';
  const failing = heartbeat.last !== null && heartbeat.last.exit !== 0;
  const silent = !snapshot.hooked.known || (snapshot.silentRigs ?? []).length > 0;
  return failing || silent || snapshot.obstacles.length > 0 || agents.some(isUnwell) ? 'degraded' : 'healthy';
}
