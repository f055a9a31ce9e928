import { exitStatus } from '../../exit.ts';
import type { Host } from '../../schedule/host.ts';
import { jsonText } from '../../show/json.ts';
import { type ScheduleHealth, scheduleDocument, scheduleHealth, scheduleText } from '../../show/schedule.ts';
import { type Context, styleFor } from '../context.ts';
import { openDeskAnyway } from './desk.ts';
import { standingOfSchedule } from './standing.ts';

export interface ScheduleStatusOptions {
  readonly town?: string | undefined;
  readonly json: boolean;
}

/** `gt schedule status`: who calls this town's tick, when it last ran and how, when it runs next. Writes nothing. */
export async function scheduleStatusCommand(
  options: ScheduleStatusOptions,
  context: Context,
  host?: Host,
): Promise<number> {
  const desk = openDeskAnyway({ town: options.town, reading: true }, context, host);
  const standing = await standingOfSchedule(desk, context);
  context.stdout(
    options.json ? jsonText(scheduleDocument(standing)) : scheduleText(standing, styleFor(context)),
  );
  return exitOf[scheduleHealth(standing)];
}

/** As `gt status` has it: 1 something is wrong, 2 the heartbeat is late. */
const exitOf: Readonly<Record<ScheduleHealth, number>> = {
  working: exitStatus.done,
  new: exitStatus.done,
  faulty: exitStatus.failed,
  missing: exitStatus.failed,
  late: 2,
};
