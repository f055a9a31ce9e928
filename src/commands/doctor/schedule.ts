import type { Examined } from '../../doctor/finding.ts';
import { judgeSchedule } from '../../doctor/schedule.ts';
import { failureOf } from '../../exit.ts';
import { foundSchedules } from '../../schedule/found.ts';
import { scheduledEnvironment as environmentOf } from '../../schedule/prove.ts';
import type { Layout } from '../../town/layout.ts';
import type { Context } from '../context.ts';
import { openDesk } from '../schedule/desk.ts';

/** Who calls the tick, and whether what they call is still there and is this `gt`. `beats`: heartbeats come. */
export async function examineSchedule(at: Layout, beats: boolean, context: Context): Promise<Examined> {
  try {
    const { registration, host } = openDesk({ town: at.root }, context);
    return judgeSchedule(await foundSchedules(registration, host), beats, at.root);
  } catch (error) {
    const failure = failureOf(error);
    if (failure === null) throw error;
    // Settings that cannot be used, or somebody else's town: an examination of its own says so.
    return { name: 'schedule', saw: `not looked at: ${failure.message.split('\n', 1)[0]}`, findings: [] };
  }
}

/** What the schedule that is installed adds to a scheduler's bare environment. */
export async function scheduledEnvironment(
  at: Layout,
  context: Context,
): Promise<Readonly<Record<string, string>>> {
  try {
    const desk = openDesk({ town: at.root }, context);
    const [first] = await foundSchedules(desk.registration, desk.host);
    if (first === undefined) return {};
    return environmentOf({ ...desk.registration, env: first.environment }, desk.host.user);
  } catch (error) {
    if (failureOf(error) === null) throw error;
    return {};
  }
}
