import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDuration, printDuration } from '../../src/town/duration.ts';

describe('durations', () => {
  it.each([
    ['5m', 300_000],
    ['90s', 90_000],
    ['1h30m', 5_400_000],
    ['250ms', 250],
    ['1d', 86_400_000],
    ['0s', 0],
    ['1m5ms', 60_005],
  ])('reads %s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each([
    '3m ',
    ' 3m',
    '',
    '5',
    '-5m',
    '5 m',
    '1.5h',
    '5M',
    'm',
    '30m1h',
    '5m5m',
    'NaN',
    '1e3s',
    '٣m',
    '9999999999m',
  ])('refuses %j', (text) => {
    expect(parseDuration(text)).toBeNull();
  });

  it('reads back whatever it writes', () => {
    fc.assert(
      fc.property(fc.nat({ max: 1_000_000_000_000 }), (ms) => {
        expect(parseDuration(printDuration(ms))).toBe(ms);
      }),
    );
  });
});
