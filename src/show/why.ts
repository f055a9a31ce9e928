import type { Condition } from '../model/condition.ts';
import type { PassReport, ReportedAction } from '../model/pass-report.ts';
import type { Action, Evidence, Finding, Note, Plan } from '../model/plan.ts';
import type { Hold } from '../model/rig.ts';
import type { HookedWork, Program, Snapshot } from '../model/snapshot.ts';
import { type AgentMemory, noMemory } from '../model/state.ts';
import { isCovered } from './covered.ts';

/** Everything that explains one agent, before it is put into words. */
export interface Explanation {
  readonly now: Date;
  readonly finding: Finding;
  readonly memory: AgentMemory;
  /** Which program it runs, and where that was found. */
  readonly program: Program | null;
  /** Null: holds cannot be read; `holdsProblem` says why. */
  readonly holds: readonly Hold[] | null;
  readonly holdsProblem: string | null;
  /** Null: the store does not say. */
  readonly work: readonly HookedWork[] | null;
  /** Null: the store does not say. */
  readonly unreadMail: number | null;
  readonly conditions: readonly Condition[];
  /** When the newest sign of life was left, RFC 3339; null: never, or nobody looks. */
  readonly sign: string | null;
  /** What was found in its work tree when it was last ended or started again; null: nothing is known of that. */
  readonly workspace: WorkspaceFound | null;
  /** The last heartbeat, and what it did and did not do about this agent. */
  readonly last: {
    readonly pass: string | null;
    readonly at: string | null;
    readonly actions: readonly ReportedAction[];
    readonly notes: readonly Note[];
  } | null;
  /** What a pass would do now, and why not. */
  readonly next: {
    readonly actions: readonly Action[];
    readonly notes: readonly Note[];
    readonly dueAt: Date | null;
  };
  /** What keeps the whole town from being acted on. */
  readonly troubles: readonly string[];
}

/** What the town's log says of a work tree. */
export interface WorkspaceFound {
  /** RFC 3339. */
  readonly at: string;
  readonly text: string;
  readonly evidence: Evidence;
}

/** What the explanation is made of. */
export interface ExplanationSources {
  readonly now: Date;
  readonly snapshot: Snapshot;
  readonly plan: Plan;
  readonly last: PassReport | null;
  readonly nextDueAt: Date | null;
  readonly workspace: WorkspaceFound | null;
}

/** Puts together what concerns one agent; null for one this town does not have. Pure. */
export function explain(id: string, sources: ExplanationSources): Explanation | null {
  const { now, snapshot, plan, last, nextDueAt, workspace } = sources;
  const agent = snapshot.agents.find((one) => one.id === id);
  const finding = plan.findings.find((one) => one.agent === id);
  if (agent === undefined || finding === undefined) return null;
  const { holds, hooked, signs, waiting, keeper, programs } = snapshot;
  const sign = signs[id]?.stamp;
  const mine = <T extends { readonly agent: string }>(items: readonly T[]) =>
    items.filter((item) => item.agent === id);
  return {
    now,
    finding,
    memory: plan.state.agents[id] ?? noMemory,
    program: programs[id] ?? null,
    holds: holds.known ? holds.value.filter((hold) => isCovered(hold, agent)) : null,
    holdsProblem: holds.known ? null : holds.reason,
    work: hooked.known ? mine(hooked.value) : null,
    unreadMail: keeper.known ? (waiting[id]?.mail ?? 0) : null,
    conditions: plan.state.conditions.filter((one) => one.agent === id && one.over === null),
    sign: sign?.known && sign.value !== null ? new Date(sign.value).toISOString() : null,
    workspace,
    last:
      last === null
        ? null
        : { pass: last.pass, at: last.started_at, actions: mine(last.actions), notes: mine(last.notes) },
    next: { actions: mine(plan.actions), notes: mine(plan.notes), dueAt: nextDueAt },
    troubles: snapshot.obstacles.map(({ message }) => message),
  };
}
