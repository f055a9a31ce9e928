import type { TickConfig } from '../model/config.ts';
import type { Instant } from '../model/instant.ts';
import type { PassReport } from '../model/pass-report.ts';
import { appendEvent, type TownEvent } from '../persist/events.ts';
import { writeJson } from '../persist/json.ts';
import { savePass } from '../persist/passes.ts';
import type { Layout } from '../town/layout.ts';
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
  /** False leaves the last heartbeat's report as it is. */
  readonly heartbeat: boolean;
  readonly tick: TickConfig;
}

/** Writes the gate's file, the report, the events and the pass. Returns the first failure, or null. */
export function recordPass(layout: Layout, record: PassRecord): unknown {
  const { report, events, document, now, dueAt, heartbeat, tick } = record;
  const failures: unknown[] = [];
  const attempt = (write: () => void): void => {
    try {
      write();
    } catch (error) {
      failures.push(error);
    }
  };
  if (dueAt !== null)
    attempt(() => writeJson(layout.dueFile, gateDocument(now, dueAt, tick), { fsync: false }));
  if (heartbeat) attempt(() => writeJson(layout.runFile, report, { fsync: false }));
  attempt(() => {
    for (const event of events) appendEvent(layout, event, { rotate: true });
  });
  const { pass } = report;
  if (pass !== null) attempt(() => savePass(layout, pass, document));
  return failures[0] ?? null;
}

function gateDocument(now: Instant, dueAt: number, { everyMs, tiers }: TickConfig): object {
  const boot = now.boot === '' ? null : now.boot;
  return dueDocument({ passStartedAt: now.wall, dueAt, everyMs, boot, tiers }, dueAt - now.wall);
}
