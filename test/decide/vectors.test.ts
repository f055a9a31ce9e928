import { describe, expect, it } from 'vitest';
import { answered, freshBackoff, mayPoke, missed, poked } from '../../src/decide/backoff.ts';
import { freshnessOf } from '../../src/decide/freshness.ts';
import { messages, nextMessage } from '../../src/decide/message-of-the-day.ts';
import { consume, slotOpen } from '../../src/decide/slot.ts';
import { tierFor } from '../../src/decide/tier.ts';
import type { Backoff, Slot } from '../../src/model/state.ts';
import { config, hours, minutes } from './given.ts';

const at = (awake: number) => ({ at: '2026-03-01T12:00:00.000Z', awake });
const seconds = (n: number) => n * 1000;

describe('the activity tier (spec/tick.md §5.2)', () => {
  it.each([
    ['no activity file', null, 5],
    ['0:00', 0, 5],
    ['4:59.999', minutes(5) - 1, 5],
    ['5:00', minutes(5), 10],
    ['14:59', minutes(15) - 1000, 10],
    ['15:00', minutes(15), 30],
    ['44:59', minutes(45) - 1000, 30],
    ['45:00', minutes(45), 60],
    ['30 h', hours(30), 60],
    ['a stamp one minute in the future', -minutes(1), 5],
  ])('after %s the next pass comes in %s → %d minutes', (_, idle, expected) => {
    expect(tierFor(idle, config.tick.tiers).intervalMs).toBe(minutes(expected));
  });
});

describe('freshness (spec/tick.md §4.2.2)', () => {
  it.each([
    [minutes(5) - seconds(1), 'fresh'],
    [minutes(5), 'stale'],
    [minutes(15) - seconds(1), 'stale'],
    [minutes(15), 'very-stale'],
    [null, 'very-stale'],
    [-hours(1), 'fresh'],
  ])('a stamp %s ms old is %s', (age, expected) => {
    expect(freshnessOf(age, config.tick)).toBe(expected);
  });

  it('follows other limits where they are configured', () => {
    const seedLimits = { staleMs: minutes(2), veryStaleMs: minutes(5) };
    const ages = [minutes(2) - seconds(1), minutes(2), minutes(5) - seconds(1), minutes(5)];
    expect(ages.map((age) => freshnessOf(age, seedLimits))).toEqual([
      'fresh',
      'stale',
      'stale',
      'very-stale',
    ]);
  });
});

describe('the slot (spec/tick.md §2.8)', () => {
  const pending: Slot = { sent: at(0), consumed: false, text: 'HEARTBEAT: x', stranded: false };

  it('blocks at exactly five minutes and opens just after', () => {
    expect(slotOpen(pending, minutes(5), minutes(5))).toBe(false);
    expect(slotOpen(pending, minutes(5) + 1, minutes(5))).toBe(true);
  });

  it('is open when empty or consumed', () => {
    expect(slotOpen(null, 0, minutes(5))).toBe(true);
    expect(slotOpen(consume(pending), 0, minutes(5))).toBe(true);
  });
});

describe('backoff (spec/tick.md §5.1)', () => {
  const patience = config.tick.poke;
  const sequence = (times: number, how: typeof patience) => {
    let backoff: Backoff = freshBackoff(how);
    const intervals = [backoff.intervalMs];
    for (let i = 0; i < times; i += 1) {
      backoff = missed(backoff, how);
      intervals.push(backoff.intervalMs);
    }
    return intervals;
  };

  it('grows 5:00 → 7:30 → 11:15 → 16:52.5 → 25:18.75 → 30:00 and stays there', () => {
    const expected = [300, 450, 675, 1012.5, 1518.75, 1800, 1800].map(seconds);
    expect(sequence(6, patience)).toEqual(expected);
  });

  it('grows by its factor, by two, or not at all, as configured', () => {
    const base = { ...patience, baseMs: 100, capMs: 500 };
    expect(sequence(3, base)).toEqual([100, 150, 225, 337.5]);
    expect(sequence(4, { ...base, strategy: 'exponential' })).toEqual([100, 200, 400, 500, 500]);
    expect(sequence(3, { ...base, strategy: 'fixed' })).toEqual([100, 100, 100, 100]);
  });

  it('counts misses under every strategy', () => {
    expect(missed(missed(freshBackoff(patience), patience), { ...patience, strategy: 'fixed' }).misses).toBe(
      2,
    );
  });

  it('lets the first poke through, and the next at exactly the interval', () => {
    const backoff = poked(freshBackoff(patience), at(0));
    expect(mayPoke(freshBackoff(patience), 0, 0)).toBe(true);
    expect(mayPoke(backoff, minutes(5) - 1, 0)).toBe(false);
    expect(mayPoke(backoff, minutes(5), 0)).toBe(true);
  });

  it('forgets misses when the agent answers, but not when it was last poked', () => {
    const tired = missed(poked(freshBackoff(patience), at(7)), patience);
    expect(answered(tired, patience)).toEqual({ intervalMs: minutes(5), misses: 0, lastPoke: at(7) });
  });
});

describe('the message of the day', () => {
  it('has twelve lines of plain words that no shell could execute', () => {
    expect(new Set(messages).size).toBe(12);
    for (const line of messages) expect(line).toMatch(/^[A-Za-z0-9 ,.?]+$/);
  });

  it('never repeats at once, whatever the time of the pass', () => {
    for (let last = 0; last < messages.length; last += 1) {
      for (let second = 0; second < 60; second += 1) {
        expect(nextMessage(second * 1000, last).index).not.toBe(last);
      }
    }
  });
});
