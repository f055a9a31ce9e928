import { statSync } from 'node:fs';
import { askGate } from '../../due.ts';
import type { PassReport } from '../../model/pass-report.ts';
import { readClock } from '../../observe/clock.ts';
import { readRun } from '../../persist/run-file.ts';
import { nextCall } from '../../schedule/every.ts';
import { foundSchedules } from '../../schedule/found.ts';
import type { ScheduleStanding } from '../../show/schedule.ts';
import { nameOfUser } from '../../town/owner.ts';
import type { Context } from '../context.ts';
import type { Desk } from './desk.ts';

/** How a town's schedule stands: looked up now, not remembered. */
export async function standingOfSchedule(
  { layout, host, registration }: Desk,
  context: Context,
): Promise<ScheduleStanding> {
  const now = readClock(context, layout);
  const installed = await foundSchedules(registration, host);
  const run = readRun(layout);
  const last: PassReport | null = run.kind === 'ok' ? run.value : null;
  const due = askGate(layout.root, now.wall, now.boot).at;
  const [first] = installed;
  return {
    town: layout.root,
    now: new Date(now.wall),
    installed,
    last,
    unread: run.kind === 'unreadable' ? run.message : run.kind === 'invalid' ? `it ${run.reason}` : null,
    owner: strangerTo(layout.root),
    nextCallAt: first?.everyMs == null ? null : new Date(nextCall(now.wall, first.everyMs)),
    nextDueAt: due === null ? null : new Date(due),
  };
}

/** Who owns the town; null: the caller does, or it is gone. */
function strangerTo(root: string): string | null {
  const uid = statSync(root, { throwIfNoEntry: false })?.uid;
  if (uid === undefined || uid === process.geteuid?.()) return null;
  return nameOfUser(uid) ?? `#${uid}`;
}
