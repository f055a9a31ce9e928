import { failureOf } from '../exit.ts';
import type { SchedulerName } from '../model/schedule.ts';
import { type EditOptions, withEditLock } from '../persist/edit-lock.ts';
import { callsByHand } from './found.ts';
import type { Host } from './host.ts';
import type { Registration } from './registration.ts';
import type { Scheduler } from './scheduler.ts';
import { type Choice, chooseScheduler, schedulers } from './schedulers.ts';

export interface Scheduled extends Choice {
  /** False: it was installed and up to date. */
  readonly changed: boolean;
  /** Others that had the town too, and have it no longer. */
  readonly removed: readonly SchedulerName[];
  /** Others that may still have it: sentences. */
  readonly kept: readonly string[];
}

/**
 * Registers a town with one scheduler and takes it away from all others, in this order: a town with two is called twice
 * for a moment, which the tick's lock makes harmless; one with none would be lost if the second step failed. Two such
 * changes of one user wait for each other.
 */
export function installSchedule(
  registration: Registration,
  asked: SchedulerName | 'auto',
  host: Host,
  editing: EditOptions,
): Promise<Scheduled> {
  return withEditLock(lockedFile(host), editing, async () => {
    const choice = await chooseScheduler(asked, registration, host);
    const changed = await choice.chosen.install(registration);
    const removed: SchedulerName[] = [];
    const kept: string[] = [];
    for (const other of schedulers(host).filter(({ name }) => name !== choice.chosen.name)) {
      const outcome = await removeFrom(other, registration);
      if (outcome === true) removed.push(other.name);
      else if (outcome !== false) kept.push(outcome);
    }
    return { ...choice, changed, removed, kept };
  });
}

/** Takes a town away from every scheduler, and says from which; `kept` as in {@link Scheduled}, and lines people wrote themselves. */
export function removeSchedule(
  registration: Registration,
  host: Host,
  editing: EditOptions,
): Promise<Pick<Scheduled, 'removed' | 'kept'>> {
  return withEditLock(lockedFile(host), editing, async () => {
    const removed: SchedulerName[] = [];
    const kept: string[] = [];
    for (const each of schedulers(host)) {
      const outcome = await removeFrom(each, registration);
      if (outcome === true) removed.push(each.name);
      else if (outcome !== false) kept.push(outcome);
    }
    for (const line of await callsByHand(registration.town, host))
      kept.push(`your crontab calls it in a line of your own, which crontab -e takes out: ${line}`);
    return { removed, kept };
  });
}

async function removeFrom(scheduler: Scheduler, registration: Registration): Promise<boolean | string> {
  try {
    if ((await scheduler.find(registration)) === null) return false;
    return await scheduler.remove(registration.town);
  } catch (error) {
    const failure = failureOf(error);
    if (failure === null) throw error;
    return `${scheduler.name}: ${failure.message}`;
  }
}

/** Nothing is written there but the lock beside it. */
function lockedFile({ env, home }: Host): string {
  const state = env.XDG_STATE_HOME?.startsWith('/') ? env.XDG_STATE_HOME : `${home}/.local/state`;
  return `${state}/gt/schedule`;
}
