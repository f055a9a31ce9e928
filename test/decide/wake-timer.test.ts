import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTimer, type WakeTimer } from '../../src/decide/wake-timer.ts';

const sent = new Date(2026, 10, 21, 14, 3, 20);

function read(when: string, at: string | null = sent.toISOString()): WakeTimer {
  return parseTimer({ subject: `TIMER: proj/witness wake at ${when}`, at });
}

function local(day: number, hours: number, minutes: number): WakeTimer {
  return { kind: 'timer', agent: 'proj/witness', at: new Date(2026, 10, day, hours, minutes).getTime() };
}

describe('a timer', () => {
  it('at an RFC 3339 time is due then, also when its mail has no date', () => {
    const at = Date.parse('2026-11-21T15:00:00+01:00');
    expect(read('2026-11-21T15:00:00+01:00')).toEqual({ kind: 'timer', agent: 'proj/witness', at });
    expect(read('2026-11-21T14:00:00Z', null)).toEqual({ kind: 'timer', agent: 'proj/witness', at });
  });

  it('at HH:MM is due the first such time from when it was sent', () => {
    expect(read('14:10')).toEqual(local(21, 14, 10));
    expect(read('14:03')).toEqual(local(21, 14, 3));
    expect(read('14:02')).toEqual(local(22, 14, 2));
    expect(read('9:00')).toEqual(local(22, 9, 0));
    expect(read('00:00')).toEqual(local(22, 0, 0));
  });

  it('at HH:MM is by the sender’s clock where the date of the mail tells it', () => {
    const from = (when: string, at: string) => {
      const timer = read(when, at);
      return timer.kind === 'timer' ? new Date(timer.at).toISOString() : timer.kind;
    };
    // It is 23:30 in Kolkata, 18:00 in UTC and 10:00 in California.
    expect(from('23:45', '2026-11-21T23:30:10.000+05:30')).toBe('2026-11-21T18:15:00.000Z');
    expect(from('23:30', '2026-11-21T23:30:10.000+05:30')).toBe('2026-11-21T18:00:00.000Z');
    expect(from('07:00', '2026-11-21T23:30:10.000+05:30')).toBe('2026-11-22T01:30:00.000Z');
    expect(from('09:00', '2026-11-21T10:00:10.000-08:00')).toBe('2026-11-22T17:00:00.000Z');
    expect(from('12:00', '2026-11-21T10:00:10.000-08:00')).toBe('2026-11-21T20:00:00.000Z');
    expect(from('19:00', '2026-11-21T18:00:10.000+00:00')).toBe('2026-11-21T19:00:00.000Z');
  });

  it.each([
    ['in 20m', 20],
    ['in 1h 30m', 90],
    ['in 1h30m', 90],
    ['in 90 minutes', 90],
    ['IN 2 Hours', 120],
    ['in 1 day', 1440],
  ])('%s counts from when it was sent', (when, minutes) => {
    expect(read(when)).toEqual({
      kind: 'timer',
      agent: 'proj/witness',
      at: sent.getTime() + minutes * 60_000,
    });
    expect(parseTimer({ subject: `timer: proj/witness wake ${when}`, at: sent.toISOString() })).toMatchObject(
      { kind: 'timer' },
    );
  });

  it.each([
    'tomorrow',
    '25:00',
    '14:60',
    'in',
    'in a while',
    'in 0m',
    'in -5m',
    'in 20',
    'in 999999d',
    '2026-13-45T00:00:00Z',
    '2026-11-21',
    '',
    `a${' '.repeat(1_000_000)}b`,
  ])('at %j is left to the deacon', (when) => {
    expect(read(when).kind).toBe('unreadable');
  });

  it('that counts from a mail without a date is left to the deacon', () => {
    expect(read('in 20m', null).kind).toBe('unreadable');
    expect(read('14:10', 'soon').kind).toBe('unreadable');
  });

  it('is one only by its subject', () => {
    expect(parseTimer({ subject: 'A TIMER: x wake at 10:00', at: null })).toEqual({ kind: 'not-a-timer' });
  });

  it('of any words is a time, left alone with a reason, or none', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.option(fc.string(), { nil: null }), (subject, at) => {
        const timer = parseTimer({ subject: `TIMER:${subject}`, at });
        if (timer.kind === 'timer') expect(Number.isFinite(timer.at)).toBe(true);
        else expect(timer.kind).toBe('unreadable');
      }),
    );
  });
});
