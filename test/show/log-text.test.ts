import { describe, expect, it } from 'vitest';
import type { TownEvent } from '../../src/model/town-event.ts';
import { happeningLine, toldOnce } from '../../src/show/log-text.ts';
import { plain } from '../../src/show/style.ts';

const start = Date.parse('2026-11-21T12:00:00Z');
const now = new Date('2026-11-21T14:00:00Z');

function happened(minute: number, more: Partial<TownEvent> = {}): TownEvent {
  return {
    at: new Date(start + minute * 60_000).toISOString(),
    kind: 'store-silent',
    agent: null,
    pass: `pass-${minute}`,
    text: 'the store does not answer',
    evidence: {},
    ...more,
  };
}

describe('the log', () => {
  it('tells what comes every minute once, where it began, with a count', () => {
    const hour = Array.from({ length: 60 }, (_, minute) => [
      happened(minute),
      happened(minute, { agent: 'deacon', kind: 'nudge', evidence: { why: 'stale', result: 'skipped' } }),
    ]).flat();
    const told = toldOnce(hour);
    expect(told.map(({ times }) => times)).toEqual([60, 60]);
    const lines = told.map((one) => happeningLine(one, now, plain));
    expect(lines[0]).toMatch(/^2 h ago.*The store does not answer|the store does not answer/);
    expect(lines[0]).toContain('(60 times, last 1 h ago');
  });

  it('keeps apart what ended otherwise, was somebody else’s, or lies far behind', () => {
    const nudge = (minute: number, agent: string, result: string) =>
      happened(minute, { kind: 'nudge', agent, evidence: { why: 'stale', result } });
    const some = [nudge(0, 'deacon', 'ok'), nudge(1, 'deacon', 'failed'), nudge(2, 'mayor', 'ok')];
    expect(toldOnce(some).map(({ times }) => times)).toEqual([1, 1, 1]);
    const others = Array.from({ length: 8 }, (_, index) => happened(index + 1, { text: `thing ${index}` }));
    expect(toldOnce([happened(0), ...others, happened(20)])).toHaveLength(10);
    expect(toldOnce([happened(0), ...others.slice(1), happened(20)])).toHaveLength(8);
  });

  it('says of what came once nothing more', () => {
    const [one] = toldOnce([happened(0)]);
    expect(one === undefined ? '' : happeningLine(one, now, plain)).not.toContain('times');
  });
});
