import type { Agent } from '../model/agent.ts';
import type { BillLine } from '../model/bill.ts';
import type { Condition } from '../model/condition.ts';
import type { PassReport } from '../model/pass-report.ts';
import type { Action, Finding, Note, Plan } from '../model/plan.ts';
import type { Hold } from '../model/rig.ts';
import type { HookedWork, Snapshot } from '../model/snapshot.ts';
import type { AgentMemory, State } from '../model/state.ts';
import { holdOn } from '../town/hold-scope.ts';
import { mailboxOfAgent } from '../town/mailbox.ts';

/** Everything `gt status` tells, before it is put into words. */
export interface TownStatus {
  readonly name: string;
  readonly root: string;
  /** When it was looked at. */
  readonly observedAt: Date;
  readonly health: Health;
  readonly heartbeat: Heartbeat;
  readonly agents: readonly AgentStatus[];
  /** Work on the hooks of agents that are not of this town: nobody takes it up. */
  readonly nobodys: readonly HookedWork[];
  /** Every hold in force, an `ESTOP` file and parked rigs included; what cannot be read is among the troubles. */
  readonly holds: readonly Hold[];
  /** What is wrong for a while and not over. */
  readonly conditions: readonly Condition[];
  readonly bill: Bill;
  /** How many messages wait for the overseer; null: the store does not say. */
  readonly overseerMail: number | null;
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
  /** Null: the store does not say. */
  readonly unreadMail: number | null;
  /** What the newest of it is about; null: nothing waits, or it is not known. */
  readonly firstSubject: string | null;
  /** What slows its starts down. */
  readonly brake: AgentMemory['brake'];
  /** What its screen said keeps it from working. */
  readonly blocked: AgentMemory['blocked'];
  /** It runs and never reported as itself. */
  readonly misprimed: AgentMemory['misprimed'];
  /** Work on its hook, oldest first; null where the store does not say. */
  readonly work: readonly HookedWork[] | null;
  /** It does not run, and nobody starts it for this work of its, which is parked or which it is not kept for; null: none. */
  readonly neglected: { readonly work: string; readonly parked: boolean } | null;
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
  /** By mailbox: what waits there, and what the newest message is about. Null or missing: the store does not say. */
  readonly mail?: MailFound | null;
}

export interface MailFound {
  readonly waiting: Readonly<Record<string, number>>;
  readonly subjects?: Readonly<Record<string, string>>;
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
  const nobodys = workOfNobody(snapshot);
  const health = healthOf(heartbeat, snapshot, agents.some(isUnwell) || nobodys.length > 0);
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
    nobodys,
    holds,
    conditions,
    bill,
    overseerMail: unreadIn('overseer', sources.mail),
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

/** An agent that should run, or has work to do, may run, and does not. */
export function isUnwell({ finding, hold, neglected }: AgentStatus): boolean {
  const { wanted, liveness } = finding;
  return (wanted || neglected !== null) && hold === null && liveness.is !== 'alive';
}

function unreadIn(mailbox: string, mail: StatusSources['mail']): number | null {
  return mail ? (mail.waiting[mailbox] ?? 0) : null;
}

function agentStatuses({ snapshot, plan, state, mail }: StatusSources): readonly AgentStatus[] {
  const findings = new Map(plan.findings.map((finding) => [finding.agent, finding]));
  const hooked = snapshot.hooked.known ? hooksOf(snapshot.hooked.value) : null;
  return snapshot.agents.flatMap((agent) => {
    const finding = findings.get(agent.id);
    if (finding === undefined) return [];
    const now = plan.state.agents[agent.id] ?? state.agents[agent.id];
    const alive = finding.liveness.is === 'alive';
    const work = hooked === null ? null : (hooked.get(agent.id) ?? []);
    return [
      {
        agent,
        finding,
        hold: snapshot.holds.known ? holdOn(snapshot.holds.value, agent) : null,
        deferrals: now?.deferrals ?? null,
        since: (alive ? now?.started?.at : now?.troubleSince) ?? null,
        unreadMail: unreadIn(mailboxOfAgent(agent), mail),
        firstSubject: mail?.subjects?.[mailboxOfAgent(agent)] ?? null,
        brake: now?.brake ?? null,
        blocked: now?.blocked ?? null,
        misprimed: now?.misprimed ?? null,
        work,
        neglected: neglectedOf(finding, work ?? [], plan.state.conditions),
      },
    ];
  });
}

/** What the ledger says of the work of somebody who does not run (F73): whoever has finished is not in it. */
function neglectedOf(
  { liveness: { is } }: Finding,
  work: readonly HookedWork[],
  ledger: readonly Condition[],
): AgentStatus['neglected'] {
  if (is === 'alive' || is === 'unknown') return null;
  const holding = ledger.filter(({ over }) => over === null);
  for (const { id } of work) {
    if (holding.some(({ key }) => key === `work-parked:${id}`)) return { work: id, parked: true };
    const told = holding.find(
      ({ code, parts }) => code === 'orphaned-work' && parts?.some(({ name }) => name === id),
    );
    if (told !== undefined) return { work: id, parked: false };
  }
  return null;
}

/** Where the rigs are unknown, so is who is of this town. */
function workOfNobody({ agents, hooked, rigs }: Snapshot): readonly HookedWork[] {
  if (!hooked.known || !rigs.known) return [];
  const here = new Set(agents.map(({ id }) => id));
  return hooked.value.filter(({ agent }) => !here.has(agent));
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

function healthOf(heartbeat: Heartbeat, snapshot: Snapshot, unwell: boolean): Health {
  if (heartbeat.late) return 'late';
  if (!snapshot.tmux.known || !snapshot.rigs.known || !snapshot.holds.known) return 'unknown';
  if (snapshot.obstacles.some(({ code }) => code !== 'go-daemon')) return 'unknown';
  const failing = heartbeat.last !== null && heartbeat.last.exit !== 0;
  const silent = !snapshot.hooked.known || (snapshot.silentRigs ?? []).length > 0;
  return failing || silent || snapshot.obstacles.length > 0 || unwell ? 'degraded' : 'healthy';
}
