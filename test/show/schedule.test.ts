import { describe, expect, it } from 'vitest';
import { judgeSchedule } from '../../src/doctor/schedule.ts';
import type { Installed, ScheduleProblem, SchedulerName } from '../../src/model/schedule.ts';
import { noPassReport } from '../../src/show/no-pass.ts';
import { type ScheduleStanding, scheduleDocument, scheduleText } from '../../src/show/schedule.ts';
import { plain } from '../../src/show/style.ts';

const town = '/home/ana/my town';
const now = new Date('2026-03-01T12:00:00Z');
const registered = (scheduler: SchedulerName, problems: readonly ScheduleProblem[] = []): Installed => ({
  scheduler,
  where: [],
  command: ['node', 'gt'],
  environment: {},
  everyMs: 60_000,
  active: true,
  lastResult: null,
  problems,
});
const drift = { code: 'drift', message: 'It is another one.', hint: null, stops: false };
const last = (at: string) => ({
  ...noPassReport(town, 'due', now, 0),
  started_at: at,
  finished_at: at,
  interval_seconds: 300,
});
const fresh = last('2026-03-01T11:58:00Z');

function told(installed: readonly Installed[], more: Partial<ScheduleStanding> = {}) {
  const standing: ScheduleStanding = {
    town,
    now,
    installed,
    last: null,
    unread: null,
    owner: null,
    nextCallAt: null,
    nextDueAt: null,
    ...more,
  };
  const { problems, health } = JSON.parse(JSON.stringify(scheduleDocument(standing)));
  return { problems, health, text: scheduleText(standing, plain) };
}

describe('what is wrong with a schedule', () => {
  it.each([
    ['nobody calls', [], ['schedule-none']],
    ['two call', [registered('cron'), registered('systemd')], ['schedule-twice']],
    ['another one calls', [registered('cron', [drift])], ['drift']],
  ])('is said by gt schedule status in the words of gt doctor: %s', (_, installed, codes) => {
    const { problems, text } = told(installed);
    const { findings } = judgeSchedule(installed, false, town);
    expect(findings.map(({ code, message }) => ({ code, message }))).toEqual(
      problems.map(({ code, message }: ScheduleProblem) => ({ code, message })),
    );
    expect(findings.map(({ code }) => code)).toEqual(codes);
    for (const { message } of findings) expect(text).toContain(message);
  });

  it('is not that nobody calls, where heartbeats come', () => {
    const { problems, health, text } = told([], { last: fresh });
    const { saw, findings } = judgeSchedule([], true, town);
    expect([problems, findings]).toEqual([[], []]);
    expect(text).toContain(`○ ${saw}\n    gt schedule install --town '/home/ana/my town'\n`);
    expect(health).toBe('missing');
    expect(told([], { last: last('2026-03-01T11:00:00Z') }).text).toContain('No scheduler of this machine');
  });

  it('is not that nobody calls in a town whose schedule only its owner sees', () => {
    const { problems, text } = told([], { owner: 'bob' });
    expect(problems).toEqual([]);
    expect(text).toContain('sudo -u bob gt schedule status');
  });
});
