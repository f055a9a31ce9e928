import type { PassReason, PassReport } from '../model/pass-report.ts';

/** The report of a tick that did not become a pass: nothing due, or another one at work. */
export function noPassReport(
  town: string,
  reason: PassReason,
  nextDueAt: Date | null,
  exit: number,
): PassReport {
  return {
    schema: 'gt.tick/1',
    town,
    pass: null,
    ran: false,
    reason,
    dry_run: false,
    started_at: null,
    finished_at: null,
    actions: [],
    notes: [],
    warnings: [],
    agents: null,
    idle_seconds: null,
    interval_seconds: null,
    next_due_at: nextDueAt?.toISOString() ?? null,
    subprocesses: 0,
    exit,
  };
}
