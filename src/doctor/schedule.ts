import type { Installed } from '../model/schedule.ts';
import { shellWord } from '../town/shell-word.ts';
import type { Examined, Finding } from './finding.ts';

/**
 * What calls the tick: `installed` is every registration of this town that was found. Where heartbeats come without one,
 * somebody else calls, and that is as good.
 */
export function judgeSchedule(installed: readonly Installed[], beats: boolean, town: string): Examined {
  const at = `--town ${shellWord(town)}`;
  const findings: Finding[] = installed.flatMap(({ problems }) =>
    problems.map(({ code, message, hint }) => ({
      code,
      message,
      since: null,
      remedy: hint ?? `gt schedule status ${at}`,
    })),
  );
  if (installed.length === 0 && !beats) {
    const message = 'No scheduler of this machine calls gt tick for this town.';
    findings.push({ code: 'schedule-none', message, since: null, remedy: `gt schedule install ${at}` });
  }
  if (installed.length > 1) {
    const message = `${installed.map(({ scheduler }) => scheduler).join(' and ')} both call gt tick for this town; one is enough.`;
    findings.push({ code: 'schedule-twice', message, since: null, remedy: `gt schedule install ${at}` });
  }
  return {
    name: 'schedule',
    saw:
      installed.map(({ scheduler, command }) => `${scheduler}: ${command.join(' ')}`).join('; ') ||
      (beats ? 'none of ours; somebody else calls' : 'none'),
    findings,
  };
}
