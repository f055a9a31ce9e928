import { describe, expect, it } from 'vitest';
import { limitUntil } from '../../src/decide/limit-until.ts';
import { noBrake } from '../../src/model/brake.ts';
import { known } from '../../src/model/fact.ts';
import type { Outcome } from '../../src/model/plan.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { noMemory } from '../../src/model/state.ts';
import { epoch, hours, minutes, noteOf } from './given.ts';
import { dead, hookedOn, life, toast, townAt } from './recovery.ts';

/** What the screen of every agent that is nudged or looked at shows. */
const shows =
  (reason: string, error: string) =>
  (id: string): Partial<Outcome> =>
    /^(nudge|recreate|start):/.test(id) ? { result: 'skipped', reason, error } : {};

const limit = shows('limit', 'Usage limit reached ∙ resets 3pm (UTC)');

/** Deacon and witness silent since the epoch, so that both are poked. */
const quiet = (elapsed: number) => {
  const town = townAt(elapsed);
  return { ...town, signs: { deacon: { stamp: known(epoch) }, 'proj/witness': { stamp: known(epoch) } } };
};

describe('F31: an agent at its usage limit', () => {
  it('is not poked before the limit ends, and one notice names all who are', () => {
    const town = life();
    for (let minute = 0; minute < 180; minute += 1) town.pass(quiet(minutes(minute)), limit);
    expect(town.minutesOf('nudge', 'deacon')).toEqual([5]);
    expect(town.state().agents.deacon?.blocked).toMatchObject({
      kind: 'limit',
      until: '2026-03-01T15:00:00.000Z',
    });
    expect(noteOf(town.log.at(-1)?.plan ?? town.pass(quiet(minutes(180))), 'deacon')).toBe('limited');
    expect(town.notices()).toEqual(['limited opened to overseer']);
  });

  it('that ends there is not started into the same wall, and has not crashed', () => {
    const town = life();
    const hooked = known([hookedOn(toast)]);
    town.pass(townAt(0, {}, { hooked }));
    for (let minute = 60; minute < 180; minute += 1)
      town.pass(townAt(minutes(minute), { [toast]: dead }, { hooked }), limit);
    expect(town.minutesOf('recreate', toast)).toEqual([60]);
    expect(town.state().agents[toast]?.brake?.deaths).toEqual([]);
    expect(town.state().work[0]).toMatchObject({ deaths: 0, parked: null });
    const after = town.pass(townAt(minutes(181), { [toast]: dead }, { hooked }));
    expect(after.actions.map(({ id }) => id)).toContain(`recreate:${toast}`);
    // Its pane still shows the old limit: that screen must not decide again.
    expect(after.actions.find(({ kind }) => kind === 'recreate')?.evidence.thawed).toBe(true);
  });
});

describe('F32: when the limit is over', () => {
  it('agents are woken one a pass, the deacon first; a hold stays a hold', () => {
    const town = life();
    for (let minute = 0; minute < 180; minute += 1) town.pass(quiet(minutes(minute)), limit);
    const woken = [181, 182, 183].map((minute) =>
      town
        .pass(quiet(minutes(minute)))
        .actions.filter(({ kind }) => kind === 'nudge')
        .map(({ id, why }) => `${id} ${why}`),
    );
    expect(woken).toEqual([['nudge:deacon limited-over'], ['nudge:proj/witness limited-over'], []]);

    const held = life();
    for (let minute = 0; minute < 180; minute += 1) held.pass(quiet(minutes(minute)), limit);
    const hold = { target: 'deacon', kind: 'hold' as const, reason: '', by: 'you', since: null, until: null };
    const plan = held.pass({ ...quiet(minutes(181)), holds: known([hold]) });
    expect(plan.actions.filter(({ kind }) => kind === 'nudge').map(({ id }) => id)).toEqual([
      'nudge:proj/witness',
    ]);
  });

  it.each<[string, (elapsed: number, town: Snapshot) => Snapshot]>([
    [
      'whose program is missing',
      (_elapsed, town) => ({
        ...town,
        programs: {
          ...town.programs,
          deacon: { runtime: 'stand-in', program: 'stand-in', found: null, processes: [] },
        },
      }),
    ],
    ['that is not this town’s any more', (elapsed) => townAt(elapsed, { deacon: { town: '/towns/two' } })],
  ])('one %s keeps nobody else waiting', (_name, change) => {
    const town = life();
    for (let minute = 0; minute < 180; minute += 1) town.pass(quiet(minutes(minute)), limit);
    const gone = townAt(minutes(181), { deacon: null });
    const plan = town.pass({ ...change(minutes(181), gone), signs: quiet(minutes(181)).signs });
    expect(plan.actions.filter(({ kind }) => kind === 'nudge').map(({ id, why }) => `${id} ${why}`)).toEqual([
      'nudge:proj/witness limited-over',
    ]);
  });

  it('one whose start its brake refuses keeps nobody else waiting', () => {
    const town = life();
    for (let minute = 0; minute < 180; minute += 1) town.pass(quiet(minutes(minute)), limit);
    const before = town.state();
    const { deacon = noMemory } = before.agents;
    const open = { since: new Date(epoch).toISOString(), untilAwake: hours(99), waitMs: hours(1) };
    const braked = { ...before.agents, deacon: { ...deacon, brake: { ...noBrake, down: true, open } } };
    const plan = life({ ...before, agents: braked }).pass({
      ...townAt(minutes(181), { deacon: null }),
      signs: quiet(minutes(181)).signs,
    });
    expect(plan.actions.filter(({ kind }) => kind === 'nudge').map(({ id }) => id)).toEqual([
      'nudge:proj/witness',
    ]);
  });

  it('one whose waking came to nothing lets the others have their turn, and is tried again after them', () => {
    const town = life();
    for (let minute = 0; minute < 180; minute += 1) town.pass(quiet(minutes(minute)), limit);
    const fails = (id: string): Partial<Outcome> =>
      id === 'nudge:deacon' ? { result: 'failed', reason: 'tmux', error: 'tmux said: no' } : {};
    for (let minute = 181; minute < 188; minute += 1) town.pass(quiet(minutes(minute)), fails);
    expect(town.minutesOf('nudge', 'proj/witness').filter((minute) => minute > 180)[0]).toBe(182);
    expect(town.minutesOf('nudge', 'deacon').filter((minute) => minute > 180)).toEqual([181, 186]);
  });

  it('a limit that does not say when is looked at again with growing patience', () => {
    const town = life();
    for (let minute = 0; minute < 60 * 14; minute += 1)
      town.pass(quiet(minutes(minute)), shows('limit', 'Usage limit reached'));
    const looks = town.minutesOf('nudge', 'deacon');
    const gaps = looks.slice(1).map((minute, index) => minute - (looks[index] ?? 0));
    expect(gaps[0]).toBe(30);
    expect(gaps[1]).toBeGreaterThanOrEqual(60);
    expect(gaps.at(-1)).toBeGreaterThanOrEqual(240);
    expect(gaps.at(-1)).toBeLessThan(250);
  });

  it.each([
    ['resets 5pm', '2026-03-01T12:00:00Z', 'UTC', '2026-03-01T17:00:00Z'],
    ['Your limit resets at 5pm (Europe/Berlin)', '2026-03-01T12:00:00Z', 'x', '2026-03-01T16:00:00Z'],
    ['resets 2am (America/New_York)', '2026-03-08T04:00:00Z', 'x', '2026-03-08T07:00:00Z'],
    ['resets 4am (America/New_York)', '2026-03-08T04:00:00Z', 'x', '2026-03-08T08:00:00Z'],
    ['resets 1:30am (UTC)', '2026-03-01T23:59:00Z', 'x', '2026-03-02T01:30:00Z'],
    ['resets 17:30 (UTC)', '2026-03-01T12:00:00Z', 'x', '2026-03-01T17:30:00Z'],
    ['try again in 2h 5m', '2026-03-01T12:00:00Z', 'x', '2026-03-01T14:05:00Z'],
    ['limit reached until 2026-03-01T18:00:00Z', '2026-03-01T12:00:00Z', 'x', '2026-03-01T18:00:00Z'],
  ])('%s at %s', (line, now, zone, until) => {
    const spelled = zone === 'UTC' ? `${line} (UTC)` : line;
    expect(new Date(limitUntil(spelled, Date.parse(now)) ?? 0).toISOString()).toBe(
      new Date(until).toISOString(),
    );
  });

  it.each([
    'Usage limit reached',
    'resets soon',
    'resets 5pm (Not/AZone)',
    'resets 25:00 (UTC)',
    'resets 11am (UTC)',
    'until 2020-01-01T00:00:00Z',
    'in 900 h',
  ])('%s cannot be believed', (line) => {
    expect(limitUntil(line, Date.parse('2026-03-01T12:00:00Z'))).toBeNull();
  });
});

describe('F39, F55: a screen that waits for a person', () => {
  it('without a login: one alert with its line, a look now and then, no restart', () => {
    const town = life();
    for (let minute = 0; minute < 120; minute += 1)
      town.pass(quiet(minutes(minute)), shows('login', 'Not logged in · Run /login'));
    expect(town.minutesOf('nudge', 'deacon')).toEqual(
      [5, 35, 95].map((minute) => expect.closeTo(minute, -1)),
    );
    expect([...town.notices()].sort()).toEqual([
      'blocked-login:deacon opened to overseer',
      'blocked-login:proj/witness opened to overseer',
    ]);
    const [alert] = town.log.flatMap(({ plan }) => plan.actions).filter(({ kind }) => kind === 'alert');
    expect(alert?.kind === 'alert' && alert.body).toContain('screen: Not logged in');
  });

  it('with a dialog: one alert after the second look, and it is over when the dialog is', () => {
    const town = life();
    const dialog = shows('dialog', 'Do you want to proceed?');
    for (let minute = 0; minute < 12; minute += 1) town.pass(quiet(minutes(minute)), dialog);
    expect(town.notices().filter((notice) => notice.includes('deacon'))).toEqual([
      'blocked-dialog:deacon opened to overseer',
    ]);
    for (let minute = 12; minute < 30; minute += 1) town.pass(quiet(minutes(minute)));
    expect(
      town
        .notices()
        .filter((notice) => notice.includes('deacon'))
        .at(-1),
    ).toBe('blocked-dialog:deacon recovered to overseer');
  });
});
