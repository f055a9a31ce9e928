import { askGate } from '../due.ts';
import type { PassReport } from '../model/pass-report.ts';
import type { Installed } from '../model/schedule.ts';
import { readClock } from '../observe/clock.ts';
import { readRun } from '../persist/run-file.ts';
import { nextCall } from '../schedule/every.ts';
import { schedulers } from '../schedule/schedulers.ts';
import type { ScheduleStanding } from '../show/schedule.ts';
import type { Context } from './context.ts';
import type { Desk } from './schedule-desk.ts';

/** How a town's schedule stands: looked up now, not remembered. */
export async function standingOfSchedule(
  { layout, host, registration }: Desk,
  context: Context,
): Promise<ScheduleStanding> {
  const now = readClock({ env: context.env, testMarker: layout.testMarker });
  const found = await Promise.all(schedulers(host).map(({ find }) => find(registration)));
  const installed = found.filter((one): one is Installed => one !== null);
  const run = readRun(layout);
  const last: PassReport | null = run.kind === 'ok' ? run.value : null;
  const due = askGate(layout.root, now.wall, now.boot).at;
  const [first] = installed;
  return {
    town: layout.root,
    now: new Date(now.wall),
    installed,
    last,
    nextCallAt: first?.everyMs == null ? null : new Date(nextCall(now.wall, first.everyMs)),
    nextDueAt: due === null ? null : new Date(due),
  };
}
