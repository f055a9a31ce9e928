import { askGate } from '../../due.ts';
import { exitStatus } from '../../exit.ts';
import type { PassReport } from '../../model/pass-report.ts';
import type { Outcome } from '../../model/plan.ts';
import { fault } from '../../persist/fault.ts';
import { jsonText } from '../../show/json.ts';
import { eventsOf, newTrouble } from '../../show/pass-events.ts';
import { type Context, styleFor } from '../context.ts';
import { type Decided, type Order, reportOf } from './decision.ts';
import { passDocument } from './pass-document.ts';
import type { Limits } from './pass-limits.ts';
import { lastComplaints, recordPass } from './pass-record.ts';

/** Writes down what the pass did, says what is worth a word, and gives the exit status (design/contract.md §1). */
export async function finish(
  order: Order,
  decided: Decided,
  outcomes: readonly Outcome[],
  limits: Limits,
  context: Context,
): Promise<number> {
  const { layout, now } = order;
  const { plan, sight } = decided;
  const failed = outcomes.some(({ result }) => result === 'failed');
  const cutShort = limits.exit();
  const exit =
    cutShort ?? (plan.exit !== exitStatus.done ? plan.exit : failed ? exitStatus.failed : exitStatus.done);
  const { everyMs } = sight.config.tick;
  const heartbeat = order.part === 'all';
  const planned = cutShort === null ? Date.parse(plan.nextDueAt) : now.wall + everyMs;
  const dueAt = heartbeat ? planned : (askGate(layout.root, now.wall, now.boot).at ?? now.wall);
  const before = lastComplaints(layout);
  const unjudged = sight.snapshot.obstacles.length > 0 ? [...before.conditions] : [];
  const made: PassReport = {
    ...reportOf(order, decided, outcomes, exit),
    ...(unjudged.length > 0 ? { unjudged } : {}),
    next_due_at: new Date(dueAt).toISOString(),
    interval_seconds: Math.round((dueAt - now.wall) / 1000),
  };
  const { report, failure } = recordPass(layout, {
    report: made,
    events: eventsOf(made, before, made.finished_at ?? '', order.part),
    document: passDocument(made, decided, outcomes, { only: order.only, part: order.part }),
    now,
    dueAt: heartbeat && order.only === null ? dueAt : null,
    touched: sight.touched,
    heartbeat,
    tick: sight.config.tick,
  });
  fault('pass.recorded');
  const { watching } = sight.config;
  if (watching !== undefined && heartbeat) {
    const { tellCollector, tellSwitch } = await import('./pass-watchers.ts');
    tellCollector(watching, layout, report);
    if (report.exit === exitStatus.done && failure === null)
      order.later?.(() => tellSwitch(watching, layout, sight.config.path, context));
  }
  await tell(report, newTrouble(report, before), order, context);
  return report.exit;
}

/** Where nobody watches, a word is said when something goes wrong, not every time it still is: cron mails each word. */
async function tell(
  report: PassReport,
  trouble: readonly string[],
  { json, now }: Order,
  context: Context,
): Promise<void> {
  if (json) context.stdout(jsonText(report));
  else if (context.isTerminal) {
    const { passText } = await import('../../show/pass-text.ts');
    context.stdout(passText(report, new Date(now.wall), styleFor(context)));
  } else context.stderr(trouble.map((line) => `gt: ${line}\n`).join(''));
}
