import { describe, expect, it } from 'vitest';
import type { Config } from '../../src/model/config.ts';
import { known } from '../../src/model/fact.ts';
import type { Pane } from '../../src/model/pane.ts';
import type { Outcome } from '../../src/model/plan.ts';
import type { FirstSign, SignsOfLife, Snapshot } from '../../src/model/snapshot.ts';
import { clockAt, config, epoch, minutes, noteOf } from './given.ts';
import { dead, hookedOn, life, toast, townAt } from './recovery.ts';

const witness = 'proj/witness';
const nothing: FirstSign = { hooks: true, as: null };

/** The witness runs hooks; we started it at minute 0, and nothing has come from it since. */
function silent(
  minute: number,
  sign: FirstSign | null = nothing,
  more: Partial<Snapshot> = {},
  pane: Partial<Pane> = {},
): Snapshot {
  const town = townAt(
    minutes(minute),
    {
      [witness]:
        minute === 0
          ? null
          : { pane: `%${witness}`, pid: 4000, agentPane: `%${witness}`, activity: epoch / 1000, ...pane },
    },
    {},
  );
  return {
    ...town,
    signs: { ...town.signs, [witness]: { stamp: known(epoch - minutes(30)) } },
    ...(minute < 5 || sign === null ? {} : { firstSigns: { [witness]: sign } }),
    ...more,
  };
}

const restart: Config = { ...config, tick: { ...config.tick, misprimed: 'restart' } };
/** It is called at minute 5 and does not stir. */
function run(to: number, how: Config = config, snapshot: (minute: number) => Snapshot = silent) {
  const town = life(undefined, how);
  for (let minute = 0; minute < to; minute += 1) town.pass(snapshot(minute));
  return town;
}
const stamped = (minute: number, sign: Partial<SignsOfLife> = {}): Snapshot => {
  const town = silent(minute);
  return { ...town, signs: { ...town.signs, [witness]: { stamp: known(epoch + minutes(minute)), ...sign } } };
};

describe('F85: an agent that is up and never reported ready', () => {
  it('is called once, then told of once with what to do, and neither called again nor ended', () => {
    const town = run(120);
    expect(town.minutesOf('nudge', witness)).toEqual([5]);
    expect(town.minutesOf('kill')).toEqual([]);
    expect(town.notices()).toEqual([`misprimed:${witness} opened to overseer`]);
    const told = town.log.flatMap(({ minute, plan }) =>
      plan.actions.flatMap((action) => (action.kind === 'alert' ? [{ minute, body: action.body }] : [])),
    );
    expect(told).toEqual([{ minute: 11, body: expect.stringContaining(`gt session restart ${witness}`) }]);
    const last = town.log.at(-1)?.plan;
    expect(last && noteOf(last, witness)).toBe('misprimed');
  });

  it('is well as soon as it reports, however late; what follows is no matter of its start any more', () => {
    const town = run(30);
    town.pass(stamped(30));
    expect(town.state().agents[witness]).toMatchObject({ misprimed: null, started: { reported: true } });
    for (let minute = 31; minute < 60; minute += 1) town.pass(silent(minute));
    expect(town.notices().slice(0, 2)).toEqual([
      `misprimed:${witness} opened to overseer`,
      `misprimed:${witness} recovered to overseer`,
    ]);
    expect(town.state().agents[witness]?.misprimed).toBeNull();
  });

  it.each<[string, (minute: number) => Snapshot]>([
    ['whose hooks do not call us', (minute) => silent(minute, { hooks: false, as: null })],
    ['whose runtime has none', (minute) => silent(minute, null)],
    [
      'that calls itself something else and has no hooks',
      (minute) => silent(minute, { hooks: false, as: 'deacon' }),
    ],
    [
      'whose files cannot be read',
      (minute) => {
        const town = silent(minute);
        return { ...town, signs: { ...town.signs, [witness]: { stamp: { known: false, reason: 'torn' } } } };
      },
    ],
    [
      'while the clock stands before its start',
      (minute) => ({
        ...silent(minute),
        now: { ...clockAt(minutes(minute)), wall: epoch - minutes(90) + minutes(minute) },
      }),
    ],
    ['that cannot be seen', (minute) => ({ ...silent(minute), tmux: { known: false, reason: 'timeout' } })],
  ])('nobody accuses one %s', (_name, snapshot) => {
    const town = run(40, restart, (minute) => (minute < 2 ? silent(minute) : snapshot(minute)));
    expect(town.state().agents[witness]?.misprimed ?? null).toBeNull();
    expect(town.notices().filter((notice) => notice.startsWith('misprimed'))).toEqual([]);
    expect(town.minutesOf('kill')).toEqual([]);
  });

  it('one that was there before we looked is not ours to judge', () => {
    const town = life(undefined, restart);
    for (let minute = 1; minute < 60; minute += 1) town.pass(silent(minute));
    expect(town.state().agents[witness]?.misprimed ?? null).toBeNull();
  });

  it('one whose screen tells what keeps it is told of as that', () => {
    const asks = (id: string): Partial<Outcome> =>
      id === `nudge:${witness}`
        ? { result: 'skipped', reason: 'dialog', error: 'Do you trust this folder?' }
        : {};
    const town = life();
    for (let minute = 0; minute < 60; minute += 1) town.pass(silent(minute), asks);
    expect(town.notices()).toEqual([`blocked-dialog:${witness} opened to overseer`]);
  });
});

describe('F85: an agent that reports as another', () => {
  it('is told of by both names', () => {
    const town = run(30, config, (minute) => silent(minute, { hooks: true, as: 'deacon' }));
    const bodies = town.log.flatMap(({ plan }) =>
      plan.actions.flatMap((action) => (action.kind === 'alert' ? [action.body] : [])),
    );
    expect(bodies).toHaveLength(1);
    expect(bodies[0]).toContain(`What runs in the session of ${witness} calls itself deacon`);
    expect(bodies[0]).toContain('reports_as: deacon');
  });

  it('a stamp that another agent’s pane left in its file is not its own', () => {
    // %0 is the deacon's pane.
    const town = run(30, config, (minute) =>
      minute < 6
        ? silent(minute)
        : { ...stamped(minute, { pane: { pane: '%0', server: 77 } }), firstSigns: { [witness]: nothing } },
    );
    expect(town.state().agents[witness]).toMatchObject({ misprimed: { as: null } });
    expect(town.state().agents[witness]?.started).not.toHaveProperty('reported');
    // From a pane of its own, one that is nobody's, or another server's, it is.
    for (const [pane, server] of [
      [`%${witness}`, 77],
      ['%99', 77],
      ['%0', 78],
    ] as const) {
      const own = run(30, config, (minute) =>
        minute < 6 ? silent(minute) : stamped(minute, { pane: { pane, server } }),
      );
      expect(own.state().agents[witness], pane).toMatchObject({ started: { reported: true } });
    }
  });
});

describe('F85: the one fresh start, where the settings allow it', () => {
  /** Ended at one minute, it is started in the next and is as mute as before. */
  const ended = (minute: number, at: number) =>
    minute === at + 1
      ? silent(minute, null, {}, dead)
      : silent(minute, minute > at && minute < at + 6 ? null : nothing);

  it('is given once to one that has been still for as long; then it is left alone', () => {
    const town = run(180, restart, (minute) => ended(minute, 11));
    expect(town.minutesOf('kill', witness)).toEqual([11]);
    expect(town.minutesOf('recreate', witness)).toEqual([12]);
    expect(town.state().agents[witness]?.misprimed?.corrected).toBe(
      new Date(epoch + minutes(11)).toISOString(),
    );
    expect(town.state().agents[witness]?.brake?.deaths ?? []).toEqual([]);
    expect(town.notices()).toEqual([`misprimed:${witness} opened to overseer`]);
  });

  it('that helps ends it: the notice is taken back', () => {
    const town = life(undefined, restart);
    for (let minute = 0; minute < 30; minute += 1)
      town.pass(minute > 13 ? stamped(minute) : ended(minute, 11));
    expect(town.notices()).toEqual([
      `misprimed:${witness} opened to overseer`,
      `misprimed:${witness} recovered to overseer`,
    ]);
    expect(town.state().agents[witness]?.misprimed).toBeNull();
  });

  it.each<[string, (minute: number) => Snapshot]>([
    ['with work on its hook', (minute) => silent(minute, nothing, { hooked: known([hookedOn(witness)]) })],
    [
      'while the store is silent',
      (minute) => silent(minute, nothing, { hooked: { known: false, reason: 'x' } }),
    ],
    ['with somebody at its pane', (minute) => silent(minute, nothing, {}, { attached: 1 })],
    [
      'that prints something',
      (minute) => silent(minute, nothing, {}, { activity: (epoch + minutes(minute - 5)) / 1000 }),
    ],
    [
      'that is held',
      (minute) =>
        silent(minute, nothing, {
          holds: known([{ target: witness, kind: 'hold', reason: '', by: 'you', since: null, until: null }]),
        }),
    ],
  ])('is not given to one %s', (_name, snapshot) => {
    const town = run(60, restart, (minute) => (minute === 0 ? silent(0) : snapshot(minute)));
    expect(town.minutesOf('kill', witness)).toEqual([]);
  });

  it('is not given to a worker that nobody would start again', () => {
    const town = life(undefined, restart);
    const pane = { pane: `%${toast}`, pid: 4000, agentPane: `%${toast}`, activity: epoch / 1000 };
    const hooked = known([hookedOn(toast)]);
    town.pass(townAt(0, { [toast]: null }, { hooked }));
    town.pass(townAt(minutes(6), { [toast]: null }, { hooked }));
    for (let minute = 7; minute < 40; minute += 1)
      town.pass({
        ...townAt(minutes(minute), { [toast]: pane }),
        firstSigns: { [toast]: nothing },
        signs: { ...townAt(minutes(minute)).signs, [toast]: { stamp: known(null) } },
      });
    expect(town.state().agents[toast]?.misprimed).not.toBeNull();
    expect(town.minutesOf('kill', toast)).toEqual([]);
  });

  it('that was withdrawn at the last look may still be given, ten minutes later', () => {
    const town = life(undefined, restart);
    for (let minute = 0; minute < 24; minute += 1)
      town.pass(silent(minute), (id) =>
        id === `kill:${witness}` ? { result: 'skipped', reason: 'changed', error: 'a draft' } : {},
      );
    expect(town.minutesOf('kill', witness)).toEqual([11, 21]);
    expect(town.state().agents[witness]?.misprimed?.corrected).toBeNull();
  });
});
