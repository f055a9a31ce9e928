import { exitStatus, Failure } from '../exit.ts';
import type { SchedulerName } from '../model/schedule.ts';
import { cron } from './cron.ts';
import type { Host } from './host.ts';
import { launchd } from './launchd.ts';
import { lingers } from './linger.ts';
import type { Registration } from './registration.ts';
import type { Scheduler } from './scheduler.ts';
import { systemd } from './systemd.ts';

export function schedulers(host: Host): readonly Scheduler[] {
  return [systemd(host), cron(host), launchd(host)];
}

/** A scheduler, and why it and no other, for people; null where it was asked for by name. */
export interface Choice {
  readonly chosen: Scheduler;
  readonly why: string | null;
}

/**
 * The scheduler to use. Named: that one, or a {@link Failure} that says why not (69). Otherwise the one that has the town
 * already; else launchd on macOS; else systemd if its timers go on when the user logs out, since it starts the town again
 * after a reboot and at once on mail; else cron; else systemd all the same.
 */
export async function chooseScheduler(
  asked: SchedulerName | 'auto',
  registration: Registration,
  host: Host,
): Promise<Choice> {
  const all = schedulers(host);
  const reasons = new Map<string, string>();
  const usable = async (name: string): Promise<Scheduler | null> => {
    const found = all.find((one) => one.name === name);
    const why = found === undefined ? 'there is no such scheduler' : await found.unusable();
    if (why === null) return found ?? null;
    reasons.set(name, why);
    return null;
  };
  if (asked !== 'auto') {
    const chosen = await usable(asked);
    if (chosen !== null) return { chosen, why: null };
    throw none([asked], reasons);
  }
  for (const { name, find } of all) {
    if ((await find(registration)) === null) continue;
    const chosen = await usable(name);
    if (chosen !== null) return { chosen, why: 'it has this town already' };
  }
  if (host.platform === 'darwin') {
    const chosen = await usable('launchd');
    if (chosen !== null) return { chosen, why: 'this is macOS' };
  }
  const timers = host.platform === 'linux' ? await usable('systemd') : null;
  if (timers !== null && (await lingers(host)) === true)
    return { chosen: timers, why: 'your timers go on when you log out' };
  const table = await usable('cron');
  if (table !== null && (timers === null || host.cronRuns() !== false)) {
    const why =
      timers === null
        ? `systemd cannot be used: ${reasons.get('systemd') ?? 'not here'}`
        : 'your systemd timers would stop when you log out';
    return { chosen: table, why };
  }
  if (timers !== null) return { chosen: timers, why: 'no cron runs here' };
  throw none(['systemd', 'cron'], reasons);
}

function none(names: readonly string[], reasons: ReadonlyMap<string, string>): Failure {
  const why = names.map((name) => `${name}: ${reasons.get(name) ?? 'not on this system'}`).join('; ');
  return new Failure(
    'no-scheduler',
    exitStatus.unavailable,
    `The schedule cannot be installed. ${why}.`,
    'gt schedule install --print',
  );
}
