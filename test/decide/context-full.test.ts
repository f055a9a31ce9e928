import { describe, expect, it } from 'vitest';
import { known } from '../../src/model/fact.ts';
import type { Outcome } from '../../src/model/plan.ts';
import { epoch, minutes, noteOf } from './given.ts';
import { hookedOn, life, toast, townAt } from './recovery.ts';

const banner = 'Context limit reached · /compact or /clear to continue';
/** What the polecat's screen shows to whoever looks at it. */
const shows =
  (reason: string, error = banner) =>
  (id: string): Partial<Outcome> =>
    id === `nudge:${toast}` ? { result: 'skipped', reason, error } : {};
const full = shows('context');

/** A polecat that holds work and has shown nothing since the epoch. */
const still = (minute: number) =>
  townAt(minutes(minute), { [toast]: { activity: epoch / 1000 } }, { hooked: known([hookedOn(toast)]) });

/** As many minutes with the same screen. */
function passes(count: number, result = full) {
  const town = life();
  for (let minute = 0; minute < count; minute += 1) town.pass(still(minute), result);
  return town;
}

describe('F86: an agent whose context is full', () => {
  it('is found when its work ages, is certain at the second look, and is told of once to each', () => {
    const town = passes(180);
    const [first, second, ...later] = town.minutesOf('nudge', toast);
    expect([first, second]).toEqual([15, 16]);
    expect(later[0]).toBe(26);
    expect([...town.notices()].sort()).toEqual([
      `blocked-context:${toast} opened to overseer`,
      `context-full:${toast} opened to proj/witness`,
    ]);
    const bodies = town.log.flatMap(({ plan }) =>
      plan.actions.flatMap((action) => (action.kind === 'alert' ? [action.body] : [])),
    );
    for (const body of bodies) {
      expect(body).toContain(`screen: ${banner}`);
      expect(body).toContain(`gt lifecycle request cycle --agent ${toast}`);
    }
    expect(town.state().agents[toast]?.blocked).toMatchObject({ kind: 'context', until: null });
  });

  it('is only looked at after that: nothing to be typed, no call, no rung, no death, nobody ended or started', () => {
    const town = passes(180);
    const deeds = town.log
      .slice(16)
      .flatMap(({ plan }) => plan.actions.filter(({ agent, kind }) => agent === toast && kind !== 'alert'));
    expect(deeds.length).toBeGreaterThan(10);
    for (const deed of deeds)
      expect(deed).toMatchObject({ kind: 'nudge', text: '', finish: true, why: 'context-look' });
    expect(town.state().agents[toast]).toMatchObject({ ladder: null, brake: null, slot: null });
    expect(town.state().bill.every(({ agent }) => agent !== toast)).toBe(true);
    const last = town.log.at(-1)?.plan;
    expect(last && noteOf(last, toast)).toBe('blocked-context');
  });

  it('one look alone accuses nobody', () => {
    const town = passes(16);
    for (let minute = 16; minute < 20; minute += 1) town.pass(still(minute), shows('busy', 'Working…'));
    expect(town.notices()).toEqual([]);
    expect(town.state().agents[toast]?.blocked).toBeNull();
  });

  it('is over when the banner is gone, and it is called over its work again', () => {
    const town = passes(60);
    for (let minute = 60; minute < 74; minute += 1) town.pass(still(minute));
    expect(town.notices().slice(2).sort()).toEqual([
      `blocked-context:${toast} recovered to overseer`,
      `context-full:${toast} recovered to proj/witness`,
    ]);
    const calls = town.log
      .slice(60)
      .flatMap(({ plan }) => plan.actions.filter(({ id }) => id === `nudge:${toast}`).map(({ why }) => why));
    expect(calls.slice(0, 2)).toEqual(['context-look', 'work-stale']);
    // A look is no call: neither by day nor by night does it cost anybody one.
    const called = town.state().bill.find(({ agent }) => agent === toast);
    expect(called?.nudges).toBe(calls.length - 1);
  });

  it('that lost its work is forgotten, but not while the store is silent', () => {
    const town = passes(20);
    const silent = townAt(minutes(20), {}, { hooked: { known: false, reason: 'timeout' } });
    town.pass(silent, full);
    expect(town.state().agents[toast]?.blocked?.kind).toBe('context');
    town.pass(townAt(minutes(21), { [toast]: { activity: epoch / 1000 } }), full);
    expect(town.state().agents[toast]?.blocked).toBeNull();
  });

  it('a careful pass does not even look', () => {
    const town = passes(16);
    expect(town.pass(still(16), full, true).actions.map(({ kind }) => kind)).toEqual([]);
  });

  it('a deacon with a round to make is told of to the human alone', () => {
    const town = life();
    const quiet = (minute: number) => ({
      ...townAt(minutes(minute)),
      signs: { deacon: { stamp: known(epoch) }, 'proj/witness': { stamp: known(epoch + minutes(minute)) } },
    });
    for (let minute = 0; minute < 30; minute += 1)
      town.pass(quiet(minute), (id) =>
        id === 'nudge:deacon' ? { result: 'skipped', reason: 'context', error: banner } : {},
      );
    expect(town.notices()).toEqual(['blocked-context:deacon opened to overseer']);
  });
});
