import { describe, expect, it } from 'vitest';
import type { PassReport } from '../../src/model/pass-report.ts';
import { metricsText } from '../../src/show/metrics.ts';

const report: PassReport = {
  schema: 'gt.tick/1',
  town: '/home/ana/gt',
  pass: 'p',
  ran: true,
  reason: 'due',
  dry_run: false,
  started_at: '2026-03-01T12:00:00.000Z',
  finished_at: '2026-03-01T12:00:01.250Z',
  actions: [
    {
      id: 'start:deacon',
      kind: 'start',
      agent: 'deacon',
      session: 's',
      why: 'w',
      evidence: {},
      result: 'ok',
      error: null,
    },
    {
      id: 'start:a',
      kind: 'start',
      agent: 'a',
      session: 's',
      why: 'w',
      evidence: {},
      result: 'failed',
      error: 'x',
    },
  ],
  notes: [],
  warnings: [],
  agents: { alive: 3, dead: 0, absent: 1, unknown: 0, held: 0 },
  idle_seconds: null,
  interval_seconds: 300,
  next_due_at: '2026-03-01T12:05:00.000Z',
  subprocesses: 2,
  exit: 1,
};

/** What Prometheus accepts: a comment, or a name, labels and a number. */
const line =
  /^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+\{[a-z]+="([^"\\\n]|\\[\\"n])*"(,[a-z]+="[^"]*")*\} -?\d+(\.\d+)?)$/;

describe('the figures of a pass', () => {
  it('tell when it ended, how long it took, how it went, what it did and how everybody was', () => {
    const text = metricsText(report);
    const town = 'town="/home/ana/gt"';
    for (const sample of [
      `gt_last_pass_timestamp_seconds{${town}} 1772366401.25`,
      `gt_last_pass_duration_seconds{${town}} 1.25`,
      `gt_last_pass_success{${town}} 0`,
      `gt_last_pass_exit_status{${town}} 1`,
      `gt_last_pass_actions{${town},kind="start",result="ok"} 1`,
      `gt_last_pass_actions{${town},kind="start",result="failed"} 1`,
      `gt_last_pass_actions{${town},kind="nudge",result="ok"} 0`,
      `gt_agents{${town},state="alive"} 3`,
      `gt_next_pass_timestamp_seconds{${town}} 1772366700`,
    ])
      expect(text.split('\n')).toContain(sample);
  });

  it('are well-formed, with one help text for each name, whatever the town is called', () => {
    const text = metricsText({ ...report, town: '/a "b"\\c\nd', agents: null, next_due_at: null });
    const lines = text.trimEnd().split('\n');
    for (const each of lines) expect(each).toMatch(line);
    const helps = lines.flatMap((each) => /^# HELP (\S+)/.exec(each)?.[1] ?? []);
    expect(new Set(helps).size).toBe(helps.length);
    expect(text).not.toContain('gt_agents');
    expect(text.endsWith('\n')).toBe(true);
  });
});
