import { parseDue } from '../../due.ts';
import { exitStatus } from '../../exit.ts';
import type { PassReport } from '../../model/pass-report.ts';
import { readActivity } from '../../observe/activity.ts';
import { readJson } from '../../persist/json.ts';
import { noPassReport } from '../../show/no-pass.ts';
import type { Layout } from '../../town/layout.ts';

/**
 * The report of a tick with nothing to do: `next` is when there will be, `now` the moment, both milliseconds since 1970.
 * Its times are from the files that the gate went by; nobody has looked at the agents.
 */
export function notDueReport(at: Layout, next: number | null, now: number): PassReport {
  const left = readJson(at.dueFile);
  const due = left.kind === 'ok' ? parseDue(left.value) : null;
  const activity = readActivity(at);
  const idle = activity.known && activity.value !== null ? Math.max(0, now - activity.value) : null;
  return {
    ...noPassReport(at.root, 'not-due', next === null ? null : new Date(next), exitStatus.done),
    idle_seconds: idle === null ? null : Math.round(idle / 1000),
    interval_seconds: due === null || next === null ? null : Math.round((next - due.passStartedAt) / 1000),
  };
}
