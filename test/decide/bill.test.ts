import { describe, expect, it } from 'vitest';
import { charge, dayOf, nightOf } from '../../src/decide/bill.ts';
import type { Config } from '../../src/model/config.ts';
import { known } from '../../src/model/fact.ts';
import { config, epoch, hours, minutes } from './given.ts';
import { dead, hookedOn, life, toast, townAt } from './recovery.ts';

/** A moment of this test's own local time. */
const local = (hour: number, minute = 0) => new Date(2026, 2, 1, hour, minute).getTime() - epoch;

describe('the bill', () => {
  it('counts starts and nudges by agent and day, and whether anything followed', () => {
    const town = life();
    const at = (elapsed: number) => townAt(elapsed, { deacon: { activity: epoch / 1000 } }, {});
    const silent = (elapsed: number) => {
      const snapshot = at(elapsed);
      return { ...snapshot, signs: { ...snapshot.signs, deacon: { stamp: known(epoch) } } };
    };
    for (let minute = 0; minute <= 12; minute += 1) town.pass(silent(minutes(minute)));
    const day = dayOf(epoch);
    expect(town.state().bill).toEqual([
      { day, agent: 'deacon', starts: 0, nudges: 2, kills: 0, followed: 0 },
    ]);
    town.pass(at(minutes(14)));
    expect(town.state().bill).toMatchObject([{ agent: 'deacon', nudges: 2, followed: 1 }]);
    town.pass(at(minutes(15)));
    expect(town.state().bill).toMatchObject([{ followed: 1 }]);
  });

  it('keeps seven days', () => {
    let bill = charge([], 'deacon', 'starts', epoch);
    for (let day = 1; day < 30; day += 1) bill = charge(bill, 'deacon', 'nudges', epoch + day * hours(24));
    expect(bill.length).toBeLessThanOrEqual(7);
    expect(bill.every(({ starts }) => starts === 0)).toBe(true);
  });

  it('what was put off is not on it', () => {
    const town = life();
    const hooked = known([hookedOn(toast)]);
    town.pass(townAt(0, {}, { hooked }));
    town.pass(townAt(minutes(60), { [toast]: dead }, { hooked }), () => ({
      result: 'skipped',
      reason: 'held',
    }));
    expect(town.state().bill).toEqual([]);
  });
});

describe('the night', () => {
  const night = { from: 22 * 60, to: 7 * 60, starts: 1, nudges: 1 };

  it('is named by the day it began on, over midnight', () => {
    expect(nightOf(epoch + local(21, 59), night)).toBeNull();
    expect(nightOf(epoch + local(22), night)).toBe('2026-03-01');
    expect(nightOf(epoch + local(30), night)).toBe('2026-03-01');
    expect(nightOf(epoch + local(31), night)).toBeNull();
  });

  it('has a ceiling: what is above it waits, with one alert; the next night begins anew', () => {
    const how: Config = { ...config, tick: { ...config.tick, night } };
    const town = life(undefined, how);
    const dying = { deacon: dead, 'proj/witness': dead };
    town.pass(townAt(local(23)));
    const first = town.pass(townAt(local(23, 30), dying));
    expect(first.actions.map(({ id }) => id)).toEqual(['recreate:deacon', 'alert:ceiling']);
    expect(first.notes.map(({ why }) => why)).toContain('ceiling');
    expect(town.pass(townAt(local(23, 31), { 'proj/witness': dead })).actions).toEqual([]);
    const day = town.pass(townAt(local(31, 5), { 'proj/witness': dead }));
    expect(day.actions.map(({ id }) => id)).toContain('recreate:proj/witness');
    town.pass(townAt(local(47)));
    expect(town.pass(townAt(local(47, 30), { 'proj/witness': dead })).actions.map(({ id }) => id)).toContain(
      'recreate:proj/witness',
    );
  });
});

describe('F24: an idle town', () => {
  it('twelve hours: no keystroke, no start, no notice', () => {
    const town = life();
    let due = 0;
    for (let elapsed = 0; elapsed <= hours(12); elapsed += minutes(1)) {
      if (elapsed < due) continue;
      const still = Object.fromEntries(
        ['deacon', 'proj/witness', toast].map((id) => [id, { activity: epoch / 1000 }]),
      );
      const quiet = townAt(elapsed, still, { activity: known(epoch - hours(1)) });
      const signs = { deacon: { stamp: known(epoch) }, 'proj/witness': { stamp: known(epoch) } };
      const plan = town.pass({ ...quiet, signs });
      expect(plan.actions).toEqual([]);
      due = elapsed + plan.intervalSeconds * 1000;
    }
    expect(town.state().bill).toEqual([]);
    expect(town.log.length).toBeLessThanOrEqual(14);
  });
});
