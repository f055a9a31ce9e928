import * as v from 'valibot';
import type { PassReport } from '../model/pass-report.ts';
import type { Layout } from '../town/layout.ts';
import { type Read, readAs } from './json.ts';

const evidence = v.record(v.string(), v.union([v.string(), v.number(), v.boolean(), v.null()]));
const count = v.pipe(v.number(), v.minValue(0));

const reportSchema: v.GenericSchema<unknown, PassReport> = v.object({
  schema: v.literal('gt.tick/1'),
  town: v.string(),
  pass: v.nullable(v.string()),
  ran: v.boolean(),
  reason: v.picklist(['due', 'forced', 'lifecycle', 'not-due', 'held', 'busy', 'first']),
  dry_run: v.boolean(),
  started_at: v.nullable(v.string()),
  finished_at: v.nullable(v.string()),
  actions: v.array(
    v.object({
      id: v.string(),
      kind: v.picklist(['start', 'recreate', 'nudge', 'settle', 'mail', 'kill', 'alert']),
      agent: v.string(),
      session: v.string(),
      why: v.string(),
      evidence,
      result: v.picklist(['ok', 'failed', 'skipped', 'planned']),
      error: v.nullable(v.string()),
    }),
  ),
  notes: v.array(
    v.object({
      agent: v.string(),
      rule: v.string(),
      why: v.string(),
      until: v.exactOptional(v.string()),
      evidence: v.exactOptional(evidence),
    }),
  ),
  unjudged: v.exactOptional(v.array(v.string())),
  warnings: v.array(v.object({ code: v.string(), message: v.string() })),
  agents: v.nullable(v.object({ alive: count, dead: count, absent: count, unknown: count, held: count })),
  idle_seconds: v.nullable(v.number()),
  interval_seconds: v.nullable(v.number()),
  next_due_at: v.nullable(v.string()),
  subprocesses: count,
  exit: v.number(),
});

/** The report of the last completed pass, `daemon/run.json`. Never throws. */
export function readRun(layout: Layout): Read<PassReport> {
  return readAs(layout.runFile, reportSchema);
}
