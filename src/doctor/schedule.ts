import type { Installed } from '../model/schedule.ts';
import { scheduleProblems } from '../town/schedule-problems.ts';
import { shellWord } from '../town/shell-word.ts';
import type { Examined, Finding } from './finding.ts';

/**
 * What calls the tick: `installed` is every registration of this town that was found. Where heartbeats come without one,
 * somebody else calls, and that is as good.
 */
export function judgeSchedule(installed: readonly Installed[], beats: boolean, town: string): Examined {
  const findings = scheduleProblems(installed, beats, town).map(
    ({ code, message, hint }): Finding => ({
      code,
      message,
      since: null,
      remedy: hint ?? `gt schedule status --town ${shellWord(town)}`,
    }),
  );
  return {
    name: 'schedule',
    saw:
      installed.map(({ scheduler, command }) => `${scheduler}: ${command.join(' ')}`).join('; ') ||
      (beats ? 'none of ours; somebody else calls' : 'none'),
    findings,
  };
}
