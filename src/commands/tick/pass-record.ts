import { type Failure, failureOf } from '../../exit.ts';
import type { TickConfig } from '../../model/config.ts';
import type { Instant } from '../../model/instant.ts';
import type { PassReport } from '../../model/pass-report.ts';
import type { TownEvent } from '../../model/town-event.ts';
import { appendEvent } from '../../persist/events.ts';
import { writeJson } from '../../persist/json.ts';
import { savePass } from '../../persist/passes.ts';
import { readRun } from '../../persist/run-file.ts';
import { type Complaints, complaintsOf } from '../../show/pass-events.ts';
import type { Touched } from '../../store/port.ts';
import type { Layout } from '../../town/layout.ts';
import { dueDocument } from './gate-document.ts';

/** What a pass leaves behind besides the state. All of it can be done without, so each is tried on its own. */
export interface PassRecord {
  readonly report: PassReport;
  readonly events: readonly TownEvent[];
  /** Snapshot, plan and outcomes, for `daemon/passes`. */
  readonly document: unknown;
  readonly now: Instant;
  /** When the next pass is due, milliseconds since 1970; null leaves the gate as it is. */
  readonly dueAt: number | null;
  /** What the gate is to watch besides the clock. */
  readonly touched?: Touched | undefined;
  /** False leaves the last heartbeat's report as it is. */
  readonly heartbeat: boolean;
  readonly tick: TickConfig;
}

/** What was written, and what was not. */
export interface Recorded {
  /** With a warning and an exit status of its own when something of the pass could not be written down. */
  readonly report: PassReport;
  /** The first failure; null: everything is written. */
  readonly failure: Failure | null;
}

/** What the last heartbeat complained of. */
export function lastComplaints(layout: Layout): Complaints {
  const last = readRun(layout);
  return complaintsOf(last.kind === 'ok' ? last.value : { warnings: [], actions: [], notes: [] });
}

/**
 * Writes the gate's file, the report, the events and the pass; the report says when one of the others failed. What fails
 * for no reason of the system's is thrown when everything has been tried.
 */
export function recordPass(layout: Layout, record: PassRecord): Recorded {
  const { events, document, now, dueAt, touched, heartbeat, tick } = record;
  let { report } = record;
  const failures: unknown[] = [];
  const attempt = (write: () => void): void => {
    try {
      write();
    } catch (error) {
      failures.push(error);
      const failure = failureOf(error);
      if (failure === null || failures.length > 1) return;
      const { code, message, exit } = failure;
      report = { ...report, exit, warnings: [...report.warnings, { code, message }] };
    }
  };
  if (dueAt !== null)
    attempt(() => writeJson(layout.dueFile, gateDocument(now, dueAt, tick, touched), { fsync: false }));
  // The report first, while there is room for it; again where it turns out to be too good.
  const saveReport = () => {
    if (heartbeat) attempt(() => writeJson(layout.runFile, report, { fsync: false }));
  };
  saveReport();
  const before = report;
  attempt(() => {
    for (const event of events) appendEvent(layout, event, { rotate: true });
  });
  const { pass } = report;
  if (pass !== null) attempt(() => savePass(layout, pass, document));
  if (report !== before) saveReport();
  const bug = failures.find((error) => failureOf(error) === null);
  if (bug !== undefined) throw bug;
  return { report, failure: failureOf(failures[0]) };
}

function gateDocument(
  now: Instant,
  dueAt: number,
  { everyMs, tiers }: TickConfig,
  touched: Touched | undefined,
): object {
  const boot = now.boot === '' ? null : now.boot;
  return dueDocument({ passStartedAt: now.wall, dueAt, everyMs, boot, tiers }, dueAt - now.wall, touched);
}
