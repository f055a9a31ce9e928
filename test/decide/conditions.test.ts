import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acknowledge } from '../../src/decide/conditions.ts';
import { known, unknown } from '../../src/model/fact.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { config, hours, minutes } from './given.ts';
import { hookedOn, life, toast, townAt } from './recovery.ts';

/** The store answers in all passes but those between these minutes. */
const outage = (elapsed: number, from: number, to: number) =>
  townAt(
    elapsed,
    {},
    elapsed >= minutes(from) && elapsed < minutes(to) ? { hooked: unknown('bd timed out') } : {},
  );

function run(span: number, at: (elapsed: number) => Snapshot, step = 5, how = config) {
  const town = life(undefined, how);
  for (let minute = 0; minute <= span; minute += step) town.pass(at(minutes(minute)));
  return town;
}

describe('F73: one notice in, one out', () => {
  it('a condition that lasts for 200 passes is told once, and once when it is over', () => {
    const town = run(1100, (elapsed) => outage(elapsed, 5, 1005));
    expect(town.notices()).toEqual(['town-unseen opened to overseer', 'town-unseen recovered to overseer']);
  });

  it('F23: one alert at the first failure, one at recovery, whatever lasted three hours', () => {
    const town = run(240, (elapsed) => outage(elapsed, 10, 190));
    expect(town.minutesOf('alert')).toEqual([10, 190]);
  });

  it('it is reminded of once a day until somebody says that it is known', () => {
    const at = (elapsed: number) => outage(elapsed, 0, 1e9);
    const town = run(60 * 24 * 3 + 60, at, 30);
    expect(town.notices()).toEqual([
      'town-unseen opened to overseer',
      'town-unseen reminder to overseer',
      'town-unseen reminder to overseer',
      'town-unseen reminder to overseer',
    ]);
    const known = acknowledge(town.state(), 'town-unseen', 'you', '2026-03-04T12:00:00Z');
    expect(known).not.toBeNull();
    const calm = life(known ?? undefined);
    for (let minute = 0; minute < 60 * 48; minute += 60) calm.pass(at(minutes(minute) + hours(80)));
    expect(calm.notices()).toEqual([]);
    expect(acknowledge(town.state(), 'no-such', 'you', '2026-03-04T12:00:00Z')).toBeNull();
  });

  it('delivery that fails twice is tried again: still one is delivered, and only where it failed', () => {
    const how = {
      ...config,
      tick: { ...config.tick, alerts: { ...config.tick.alerts, command: ['notify'] } },
    };
    const town = life(undefined, how);
    const at = (minute: number) => outage(minutes(minute), 0, 1e9);
    const channels = [
      town.pass(at(0), () => ({ result: 'failed', error: 'disk full; 1', reason: 'mail,command' })),
      town.pass(at(5), () => ({ result: 'failed', error: 'exit 1', reason: 'command' })),
      town.pass(at(10)),
      town.pass(at(15)),
    ].map((plan) => plan.actions.flatMap((action) => (action.kind === 'alert' ? [action.channels] : [])));
    expect(channels).toEqual([[['mail', 'command']], [['mail', 'command']], [['command']], []]);
  });

  it('what came back ten times in an hour is told once', () => {
    const town = run(
      75,
      (elapsed) => {
        const minute = elapsed / minutes(1);
        return outage(elapsed, minute < 60 && minute % 6 < 1 ? minute : 1e9, minute + 1);
      },
      1,
    );
    expect(town.notices()).toEqual(['town-unseen opened to overseer', 'town-unseen recovered to overseer']);
  });

  it('what flaps slowly is told at most once an hour', () => {
    const town = run(60 * 24, (elapsed) => {
      const minute = elapsed / minutes(1);
      return outage(elapsed, minute % 20 < 5 ? minute : 1e9, minute + 1);
    });
    expect(town.notices().length).toBeLessThanOrEqual(24);
  });

  it('a pass that was cut short after its notice went out looks for it before it sends it again', () => {
    const town = life();
    const plan = town.pass(outage(0, 0, 100));
    const cut = life(plan.state);
    const [again] = cut.pass(outage(minutes(5), 0, 100)).actions;
    expect(again).toMatchObject({ kind: 'alert', retried: true });
    const [first] = plan.actions;
    expect(again?.kind === 'alert' && first?.kind === 'alert' && again.token === first.token).toBe(true);
  });
});

/** Each probe of a pass, failing. */
const failures: readonly (readonly [string, Partial<Snapshot>])[] = [
  ['tmux', { tmux: unknown('tmux timed out') }],
  ['rigs', { rigs: unknown('torn') }],
  ['holds', { holds: unknown('torn') }],
  ['hooked', { hooked: unknown('bd timed out') }],
  ['records', { records: unknown('bd timed out') }],
  ['keeper', { keeper: unknown('bd timed out') }],
  ['activity', { activity: unknown('torn') }],
  ['signs', { signs: { deacon: { stamp: unknown('torn') }, 'proj/witness': { stamp: unknown('torn') } } }],
  ['programs', { programs: {} }],
  ['obstacle', { obstacles: [{ code: 'tmux-not-answering', message: 'no answer.', exit: 69 }] }],
];

describe('unknown in, nothing out', () => {
  it('with every probe failing in every combination the plan is empty but for one alert', () => {
    const town = life();
    town.pass(townAt(0, {}, { hooked: known([hookedOn(toast)]) }));
    const before = town.state();
    fc.assert(
      fc.property(fc.subarray([...failures]), fc.boolean(), (failing, dead) => {
        const more = Object.assign(
          { hooked: known([hookedOn(toast)]) },
          ...failing.map(([, change]) => change),
        );
        // Whoever is dead could be found out to be dead only by a tmux that answers.
        const blind = failing.some(([name]) => name === 'tmux' || name === 'obstacle');
        const gone = dead && blind ? { deacon: null, [toast]: null } : {};
        const plan = life(before).pass(townAt(minutes(5), gone, more));
        expect(plan.actions.filter(({ kind }) => kind !== 'alert')).toEqual([]);
        expect(plan.actions.length).toBeLessThanOrEqual(1);
        const grave = failing.some(([name]) =>
          ['tmux', 'rigs', 'holds', 'hooked', 'obstacle'].includes(name),
        );
        if (grave) expect(plan.actions.map(({ id }) => id)).toEqual(['alert:town-unseen']);
      }),
      { numRuns: 1024 },
    );
  });

  it('F13: the same probe failing again and again is told once, and what cannot be seen is not over', () => {
    const town = run(600, (elapsed) => townAt(elapsed, {}, { tmux: unknown('tmux timed out') }));
    expect(town.notices()).toEqual(['town-unseen opened to overseer']);
  });
});

describe('F10: what is detected has an effect', () => {
  it('a deacon that answers no poke is told to the human once', () => {
    const town = run(
      60 * 6,
      (elapsed) => {
        const at = townAt(elapsed);
        return { ...at, signs: { ...at.signs, deacon: { stamp: known(null) } } };
      },
      1,
    );
    expect(town.notices()).toEqual(['silent:deacon opened to overseer']);
  });

  it('F59: files by which agents show life that stay unreadable are told, a torn one is not', () => {
    const at = (elapsed: number) => townAt(elapsed, {}, { signs: { deacon: { stamp: unknown('torn') } } });
    expect(run(60, (elapsed) => (elapsed === minutes(5) ? at(elapsed) : townAt(elapsed))).notices()).toEqual(
      [],
    );
    expect(run(60, at).notices()).toEqual(['signs-unreadable opened to overseer']);
  });
});
