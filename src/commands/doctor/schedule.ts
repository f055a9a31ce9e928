import type { Examined } from '../../doctor/finding.ts';
import { judgeSchedule } from '../../doctor/schedule.ts';
import { failureOf } from '../../exit.ts';
import type { Installed } from '../../model/schedule.ts';
import { scheduledEnvironment as environmentOf } from '../../schedule/prove.ts';
import { schedulers } from '../../schedule/schedulers.ts';
import type { Layout } from '../../town/layout.ts';
import type { Context } from '../context.ts';
import { type Desk, openDesk } from '../schedule/desk.ts';

/** Who calls the tick, and whether what they call is still there and is this `gt`. `beats`: heartbeats come. */
export async function examineSchedule(at: Layout, beats: boolean, context: Context): Promise<Examined> {
  try {
    return judgeSchedule(await installedFor(openDesk({ town: at.root }, context)), beats, at.root);
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
    const installed = await installedFor(desk);
    const [first] = installed;
    if (first === undefined) return {};
    return environmentOf({ ...desk.registration, env: first.environment }, desk.host.user);
  } catch (error) {
    if (failureOf(error) === null) throw error;
    return {};
  }
}

async function installedFor({ host, registration }: Desk): Promise<readonly Installed[]> {
  const found = await Promise.all(schedulers(host).map(({ find }) => find(registration)));
  return found.filter((one) => one !== null);
}
