import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dueDocument } from '../src/commands/tick/gate-document.ts';
import { askGate, type Due, isDue, parseDue } from '../src/due.ts';
import { layout } from '../src/town/layout.ts';

const minute = 60_000;
const start = Date.parse('2026-11-21T07:00:00Z');
const due: Due = {
  passStartedAt: start,
  dueAt: start + 60 * minute,
  everyMs: minute,
  boot: null,
  tiers: [
    { belowMs: 5 * minute, intervalMs: 5 * minute },
    { belowMs: 15 * minute, intervalMs: 10 * minute },
    { belowMs: 45 * minute, intervalMs: 30 * minute },
    { belowMs: null, intervalMs: 60 * minute },
  ],
};

/** Minutes after the pass at which the next one is due, when asked `now` minutes after it. */
function dueAfter(now: number, idle: number | null): number {
  const at = start + now * minute;
  const answer = isDue(due, { now: at, activity: idle === null ? null : at - idle, boot: null });
  return ((answer.at ?? Number.NaN) - start) / minute;
}

describe('isDue', () => {
  it.each([
    ['nothing known', null, 5],
    ['0:00', 0, 5],
    ['4:59.999', 5 * minute - 1, 5],
    ['5:00', 5 * minute, 10],
    ['14:59', 15 * minute - 1000, 10],
    ['15:00', 15 * minute, 30],
    ['44:59', 45 * minute - 1000, 30],
    ['45:00', 45 * minute, 60],
    ['30 h', 30 * 60 * minute, 60],
    ['a stamp from the future', -minute, 5],
  ])('waits by how long the town has been idle: %s', (_, idle, minutes) => {
    expect(dueAfter(1, idle)).toBe(minutes);
  });

  it.each([
    [59 * minute + 29_999, false],
    [59 * minute + 30_000, true],
    [60 * minute, true],
  ])('gives half a scheduler step of grace: %d ms after the pass → %s', (after, expected) => {
    const now = start + after;
    expect(isDue(due, { now, activity: now - 50 * minute, boot: null }).due).toBe(expected);
  });

  it('shortens a long wait as soon as somebody works again', () => {
    const now = start + 20 * minute;
    expect(isDue(due, { now, activity: now - 50 * minute, boot: null }).due).toBe(false);
    expect(isDue(due, { now, activity: now, boot: null }).due).toBe(true);
  });

  it('never lengthens a wait that ends sooner than the tier says', () => {
    const soon = { ...due, dueAt: start + 2 * minute };
    expect(isDue(soon, { now: start + 2 * minute, activity: null, boot: null }).due).toBe(true);
  });

  it.each([
    [-59_000, 'not-yet'],
    [-61_000, 'clock'],
  ])('takes a clock set back by more than a minute for a reason to look: %d ms → %s', (after, why) => {
    const soon = { ...due, dueAt: start + 5 * minute };
    expect(isDue(soon, { now: start + after, activity: null, boot: null }).why).toBe(why);
  });

  it('does not believe a due time further away than the longest interval', () => {
    const absurd = { ...due, dueAt: start + 62 * minute };
    expect(isDue(absurd, { now: start, activity: start - 50 * minute, boot: null }).why).toBe('absurd');
  });

  it('is due at once after the machine was started', () => {
    const before = { ...due, boot: 'one' };
    expect(isDue(before, { now: start, activity: null, boot: 'one' }).due).toBe(false);
    expect(isDue(before, { now: start, activity: null, boot: 'two' }).why).toBe('boot');
    expect(isDue(before, { now: start, activity: null, boot: null }).due).toBe(false);
  });

  it('once due stays due until a pass has run', () => {
    fc.assert(
      fc.property(fc.nat(90 * minute), fc.nat(90 * minute), fc.nat(100 * minute), (early, more, idle) => {
        const activity = start - idle;
        const first = isDue(due, { now: start + early, activity, boot: null });
        const second = isDue(due, { now: start + early + more, activity, boot: null });
        // Growing idleness may postpone, but never beyond what the pass itself decided.
        const decided = start + early >= due.dueAt - minute / 2;
        return !(first.due && decided) || second.due;
      }),
    );
  });
});

describe('parseDue', () => {
  it('reads back what a pass writes', () => {
    for (const boot of [null, 'abc'])
      expect(parseDue(dueDocument({ ...due, boot }, 0))).toEqual({ ...due, boot });
  });

  it('takes anything else for nothing, whatever it is', () => {
    const good: Record<string, unknown> = { ...dueDocument(due, 0) };
    for (const key of ['pass_started_at', 'due_at', 'every_seconds', 'tiers']) {
      for (const wrong of [undefined, null, 'x', -1, 0, Number.NaN, [], {}, [{}], [null]]) {
        expect(parseDue({ ...good, [key]: wrong }), `${key} ${String(wrong)}`).toBeNull();
      }
    }
    fc.assert(fc.property(fc.anything(), (value) => parseDue(value) === null));
  });
});

describe('askGate', () => {
  let town: string;
  beforeEach(() => {
    town = mkdtempSync(join(tmpdir(), 'gt-due-'));
    mkdirSync(join(town, 'daemon'));
  });
  afterEach(() => rmSync(town, { recursive: true, force: true }));

  const write = (name: string, text: string): void => writeFileSync(join(town, 'daemon', name), text);

  it('reads the files that everybody else writes', () => {
    const at = layout(town);
    expect([at.dueFile, at.activityFile]).toEqual([
      `${town}/daemon/due.json`,
      `${town}/daemon/activity.json`,
    ]);
    write('due.json', JSON.stringify(dueDocument(due, 0)));
    write(
      'activity.json',
      JSON.stringify({ last_command: 'gt x', timestamp: new Date(start).toISOString() }),
    );
    expect(askGate(town, start + 20 * minute, '')).toEqual({
      due: false,
      why: 'not-yet',
      at: start + 30 * minute,
    });
  });

  it('is due between two heartbeats when a request waits, and says when the next one would be', () => {
    write('due.json', JSON.stringify(dueDocument(due, 0)));
    const quiet = askGate(town, start + minute, '');
    expect(quiet).toMatchObject({ due: false, why: 'not-yet' });
    const inbox = join(town, 'mail/deacon/new');
    mkdirSync(inbox, { recursive: true });
    for (const name of ['1a.json', '1b.timer.json', '1c.lifecycle.json.swp'])
      writeFileSync(join(inbox, name), '');
    expect(askGate(town, start + minute, '')).toEqual(quiet);
    writeFileSync(join(inbox, '1d.lifecycle.json'), '');
    expect(askGate(town, start + minute, '')).toEqual({ ...quiet, due: true, why: 'lifecycle' });
    expect(askGate(town, start + 60 * minute, '').why).toBe('time');
  });

  it('is due when the store was written to since the pass looked, and not for a file that stayed away', () => {
    const file = join(town, 'last-touched');
    const touched = (stamp: number) =>
      write('due.json', JSON.stringify(dueDocument(due, 0, { file, stamp })));
    touched(0);
    const quiet = askGate(town, start + minute, '');
    expect(quiet).toMatchObject({ due: false, why: 'not-yet' });
    writeFileSync(file, 'hq-1');
    expect(askGate(town, start + minute, '')).toEqual({ ...quiet, due: true, why: 'touched' });
    touched(statSync(file).mtimeMs);
    expect(askGate(town, start + minute, '')).toEqual(quiet);
    rmSync(file);
    expect(askGate(town, start + minute, '').why).toBe('touched');
    expect(askGate(town, start + 60 * minute, '').why).toBe('time');
  });

  it('goes by the clock where what it is to watch makes no sense', () => {
    for (const touched of [
      null,
      5,
      'x',
      {},
      { file: 7, stamp: 1 },
      { file: join(town, 'daemon/due.json/x') },
    ]) {
      write('due.json', JSON.stringify({ ...dueDocument(due, 0), touched }));
      expect(askGate(town, start + minute, '').why, JSON.stringify(touched)).toBe('not-yet');
    }
  });

  it('is due with a due file that is missing, cut short at any byte, or no file at all', () => {
    expect(askGate(town, start).due).toBe(true);
    const whole = JSON.stringify(dueDocument(due, 0));
    for (let length = 0; length < whole.length; length += 1) {
      write('due.json', whole.slice(0, length));
      expect(askGate(town, start).due, `${length} bytes`).toBe(true);
    }
    rmSync(join(town, 'daemon/due.json'));
    mkdirSync(join(town, 'daemon/due.json'));
    expect(askGate(town, start).due).toBe(true);
  });

  it('goes by the due file alone when the activity cannot be read', () => {
    write('due.json', JSON.stringify(dueDocument({ ...due, dueAt: start + 5 * minute }, 0)));
    for (const text of ['', '{', 'null', '[]', '{"timestamp":5}', '{"timestamp":"yesterday"}']) {
      write('activity.json', text);
      expect(askGate(town, start + minute, '').due, text).toBe(false);
      expect(askGate(town, start + 5 * minute, '').due, text).toBe(true);
    }
  });
});
