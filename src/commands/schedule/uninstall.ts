import { exitStatus } from '../../exit.ts';
import { removeSchedule } from '../../schedule/change.ts';
import type { Host } from '../../schedule/host.ts';
import { jsonText } from '../../show/json.ts';
import type { Context } from '../context.ts';
import { openDeskAnyway } from './desk.ts';

export interface ScheduleUninstallOptions {
  readonly town?: string | undefined;
  readonly json: boolean;
}

/** `gt schedule uninstall`: nobody calls this town's tick any more. Agents go on; other towns keep their schedules. */
export async function scheduleUninstallCommand(
  options: ScheduleUninstallOptions,
  context: Context,
  host?: Host,
): Promise<number> {
  const desk = openDeskAnyway(options, context, host);
  const { town } = desk.registration;
  const { removed, kept } = await removeSchedule(desk.registration, desk.host, {
    since: context.now().toISOString(),
    command: 'gt schedule uninstall',
  });
  if (options.json) {
    context.stdout(jsonText({ schema: 'gt.schedule-uninstall/1', town, removed, kept }));
  } else {
    context.stdout(
      removed.length === 0
        ? `Nothing ${kept.length === 0 ? 'called gt tick' : 'was taken away that calls gt tick'} for ${town}.\n`
        : `${removed.join(' and ')} no longer calls gt tick for ${town}. Its agents go on${kept.length === 0 ? '; nobody looks after them' : ''}.\n`,
    );
    for (const one of kept) context.stderr(`It may still be called: ${one}\n`);
  }
  return kept.length === 0 ? exitStatus.done : exitStatus.failed;
}
