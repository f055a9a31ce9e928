import type { AgentCounts, PassReason, PassReport, ReportedAction } from '../model/pass-report.ts';
import type { Finding, Liveness, Outcome, Plan } from '../model/plan.ts';
import type { Warning } from '../model/snapshot.ts';

/** What a pass knows of itself besides its plan and outcomes. */
export interface PassFacts {
  readonly town: string;
  readonly pass: string;
  readonly reason: PassReason;
  readonly dryRun: boolean;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  /** Beyond the plan's own. */
  readonly warnings: readonly Warning[];
  readonly subprocesses: number;
  readonly exit: number;
}

/** The report of a pass. Without outcomes (a dry run) every action is `planned`. */
export function passReport(plan: Plan, outcomes: readonly Outcome[] | null, facts: PassFacts): PassReport {
  const byAction = new Map(outcomes?.map((outcome) => [outcome.action, outcome]));
  const started = new Set(
    plan.actions.flatMap(({ id, agent }) => {
      const outcome = byAction.get(id);
      return outcome?.result === 'ok' && outcome.pane !== null ? [agent] : [];
    }),
  );
  return {
    schema: 'gt.tick/1',
    town: facts.town,
    pass: facts.pass,
    ran: true,
    reason: facts.reason,
    dry_run: facts.dryRun,
    started_at: facts.startedAt.toISOString(),
    finished_at: facts.finishedAt.toISOString(),
    actions: plan.actions.map((action) => reported(action, byAction.get(action.id), outcomes === null)),
    notes: plan.notes,
    warnings: [...facts.warnings, ...plan.warnings],
    agents: countAgents(plan.findings.map((finding) => afterwards(finding, started))),
    idle_seconds: plan.idleSeconds,
    interval_seconds: plan.intervalSeconds,
    next_due_at: plan.nextDueAt,
    subprocesses: facts.subprocesses,
    exit: facts.exit,
  };
}

function reported(
  action: Plan['actions'][number],
  outcome: Outcome | undefined,
  planned: boolean,
): ReportedAction {
  const { id, kind, agent, session, why, evidence } = action;
  const unreached = planned
    ? ({ result: 'planned', error: null } as const)
    : ({ result: 'skipped', error: 'the pass ended before it' } as const);
  const { result, error } = outcome ?? unreached;
  return { id, kind, agent, session, why, evidence, result, error };
}

/** Whom this pass has started counts as alive. */
function afterwards(
  finding: Finding,
  started: ReadonlySet<string>,
): Pick<Finding, 'held' | 'wanted'> & { readonly is: Liveness['is'] } {
  const { held, wanted, agent, liveness } = finding;
  return { held, wanted, is: started.has(agent) ? 'alive' : liveness.is };
}

function countAgents(findings: readonly ReturnType<typeof afterwards>[]): AgentCounts {
  const counts = { alive: 0, dead: 0, absent: 0, unknown: 0, held: 0 };
  for (const { is, wanted, held } of findings) {
    if (held && (wanted || is !== 'absent')) counts.held += 1;
    switch (is) {
      case 'alive':
        counts.alive += 1;
        break;
      case 'dead':
      case 'shell':
        counts.dead += 1;
        break;
      case 'absent':
        if (wanted && !held) counts.absent += 1;
        break;
      case 'foreign':
      case 'unknown':
        if (wanted) counts.unknown += 1;
        break;
    }
  }
  return counts;
}
