import type { Installed, ScheduleProblem } from '../model/schedule.ts';
import { shellWord } from './shell-word.ts';

/**
 * What is wrong with what calls a town's tick, in the same words for everybody who tells of it: `installed` is every
 * registration that was found. Where heartbeats come without one (`beats`), somebody else calls, and that is as good.
 */
export function scheduleProblems(
  installed: readonly Installed[],
  beats: boolean,
  town: string,
): readonly ScheduleProblem[] {
  const install = 'gt schedule install';
  const at = `--town ${shellWord(town)}`;
  const [first, ...others] = installed;
  const own: ScheduleProblem[] = [];
  if (first === undefined && !beats) {
    const message = 'No scheduler of this machine calls gt tick for this town.';
    own.push({ code: 'schedule-none', message, hint: `${install} ${at}`, stops: true });
  }
  if (first !== undefined && others.length > 0) {
    const message = `${installed.map(({ scheduler }) => scheduler).join(' and ')} both call gt tick for this town; one is enough.`;
    const hint = `${install} --scheduler ${first.scheduler} ${at}`;
    own.push({ code: 'schedule-twice', message, hint, stops: false });
  }
  return [...own, ...installed.flatMap(({ problems }) => problems)];
}
