import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clockText, lengthOf, momentText } from '../../src/show/time.ts';

const now = new Date(2026, 10, 21, 14, 15, 30);
const ago = (seconds: number): Date => new Date(now.getTime() - seconds * 1000);

describe('times for people', () => {
  it.each([
    [0, '0 s'],
    [59, '59 s'],
    [60, '1 min'],
    [3599, '59 min'],
    [3600, '1 h'],
    [47 * 3600, '47 h'],
    [48 * 3600, '2 days'],
  ])('%d seconds are %s', (seconds, text) => {
    expect(lengthOf(seconds * 1000)).toBe(text);
  });

  it('are relative and absolute', () => {
    expect(momentText(ago(12 * 60 + 30), now)).toBe('12 min ago, 14:03');
    expect(momentText(ago(-5 * 60), now)).toBe('in 5 min, 14:20');
  });

  it('carry the date on any other day', () => {
    expect(clockText(ago(24 * 3600), now)).toBe('2026-11-20 14:15');
    expect(clockText(ago(14 * 3600 + 16 * 60), now)).toBe('2026-11-20 23:59');
  });

  it('never fail, whatever the date', () => {
    expect(momentText(new Date('yesterday'), now)).toBe('at an unreadable time');
    fc.assert(fc.property(fc.date(), (at) => momentText(at, now).length > 0));
  });
});
