import { describe, expect, it } from 'vitest';
import { known, unknown } from '../../src/model/fact.ts';
import type { Pane } from '../../src/model/pane.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { config, epoch, hours, minutes, noteOf, rig } from './given.ts';
import { hookedOn, life, recordOf, toast, townAt } from './recovery.ts';

const hooked = known([hookedOn(toast)]);

/** A polecat whose pane printed last at `output` and that never wrote a stamp. */
const silent = (elapsed: number, output = 0, more: Partial<Snapshot> = {}, pane: Partial<Pane> = {}) => {
  const town = townAt(elapsed, { [toast]: { activity: (epoch + output) / 1000, ...pane } }, { hooked });
  return { ...town, signs: { ...town.signs, [toast]: { stamp: known(null) } }, ...more };
};

function watch(
  from: number,
  to: number,
  at: (elapsed: number) => Snapshot = (elapsed) => silent(elapsed),
  how = config,
) {
  const town = life(undefined, how);
  for (let minute = from; minute <= to; minute += 1) town.pass(at(minutes(minute)));
  return town;
}

describe('F03: an agent that lives, holds work and shows no life', () => {
  it('is called at 15 and 22½ minutes, its witness is told at 30, the human at 60; nobody ends it', () => {
    const town = watch(0, 240);
    expect(town.minutesOf('nudge', toast)).toEqual([15, 23]);
    expect(town.notices()).toEqual([
      `gupp-violation:${toast} opened to proj/witness`,
      `stuck:${toast} opened to overseer`,
    ]);
    expect(town.minutesOf('alert')).toEqual([30, 60]);
    expect(town.minutesOf('kill')).toEqual([]);
    expect(town.minutesOf('recreate')).toEqual([]);
  });

  it('is ended as the last rung only where the settings say so, once', () => {
    const allowed = {
      ...config,
      tick: { ...config.tick, work: { ...config.tick.work, last: 'restart' as const } },
    };
    const town = watch(0, 240, (elapsed) => silent(elapsed), allowed);
    expect(town.minutesOf('kill', toast)).toEqual([75]);
  });

  const restart = {
    ...config,
    tick: { ...config.tick, work: { ...config.tick.work, last: 'restart' as const } },
  };
  const putOff = (reason: string) => (id: string) =>
    id.startsWith('nudge:') ? { result: 'skipped' as const, reason, error: reason } : {};

  it.each(['draft', 'busy', 'copy-mode'])(
    'whose calls are all put off for %s takes no rung by them, is told of all the same and never ended',
    (reason) => {
      const town = life(undefined, restart);
      for (let minute = 0; minute <= 240; minute += 1) {
        town.pass(silent(minutes(minute)), putOff(reason));
        if (minute < 30) expect(town.state().agents[toast]?.ladder ?? null).toBeNull();
      }
      expect(town.minutesOf('nudge', toast)).toContain(29);
      expect(town.minutesOf('nudge', toast)).not.toContain(31);
      expect(town.notices()).toEqual([
        `gupp-violation:${toast} opened to proj/witness`,
        `stuck:${toast} opened to overseer`,
      ]);
      const [alert] = town.log.flatMap(({ plan }) => plan.actions).filter(({ kind }) => kind === 'alert');
      expect(alert?.kind === 'alert' && alert.body).toContain(`could not be called (${reason})`);
      expect(town.minutesOf('kill')).toEqual([]);
    },
  );

  it('is called twice once what put the calls off is gone', () => {
    const town = life(undefined, restart);
    for (let minute = 0; minute <= 80; minute += 1)
      town.pass(silent(minutes(minute)), minute < 20 ? putOff('draft') : undefined);
    expect(town.minutesOf('nudge', toast)).toEqual([15, 16, 17, 18, 19, 20, 24]);
    expect(town.minutesOf('kill', toast)).toEqual([75]);
  });

  it('is not ended while somebody is attached to its session', () => {
    const attached = (elapsed: number) => silent(elapsed, 0, {}, { attached: 1 });
    const town = watch(0, 240, attached, restart);
    expect(town.minutesOf('kill')).toEqual([]);
    expect(noteOf(town.pass(attached(minutes(241))), toast)).toBe('attached');
  });

  it('is not ended where nobody would start it again: a crew worker', () => {
    const max = 'proj/crew/max';
    const crewed = known([rig('proj', { crew: ['max'], polecats: ['toast'] })]);
    const town = watch(
      0,
      240,
      (elapsed) =>
        townAt(
          elapsed,
          { [max]: { activity: epoch / 1000 } },
          { rigs: crewed, hooked: known([hookedOn(max)]), signs: { [max]: { stamp: known(null) } } },
        ),
      restart,
    );
    expect(town.notices()).toContain(`stuck:${max} opened to overseer`);
    expect(town.minutesOf('kill')).toEqual([]);
  });

  it('tells whoever ends it which signs of life were the last that were seen', () => {
    const town = watch(0, 75, (elapsed) => silent(elapsed), restart);
    const kill = town.log.flatMap(({ plan }) => plan.actions).find(({ kind }) => kind === 'kill');
    expect(kill?.evidence).toMatchObject({ output: new Date(epoch).toISOString(), stamp: null });
  });

  it.each([
    ['says that it has finished', { records: known({ [toast]: recordOf(toast, 'done', null) }) }],
    ['waits at a gate', { records: known({ [toast]: recordOf(toast, 'awaiting-gate', null) }) }],
  ])('is neither called nor told of once it %s', (_name, more) => {
    const town = watch(0, 20, (elapsed) => silent(elapsed));
    expect(town.state().agents[toast]?.ladder?.rung).toBe(1);
    for (let minute = 21; minute <= 240; minute += 1) town.pass(silent(minutes(minute), 0, more));
    expect(town.minutesOf('nudge', toast)).toEqual([15]);
    expect(town.notices()).toEqual([]);
    expect(town.state().agents[toast]?.ladder ?? null).toBeNull();
  });

  it('is not called over work that is parked', () => {
    const first = watch(0, 1, (elapsed) => silent(elapsed)).state();
    const parked = first.work.map((one) => ({ ...one, deaths: 4, parked: new Date(epoch).toISOString() }));
    const town = life({ ...first, work: parked });
    for (let minute = 2; minute <= 240; minute += 1) town.pass(silent(minutes(minute)));
    expect(town.minutesOf('nudge', toast)).toEqual([]);
    expect(town.notices().filter((notice) => /gupp|stuck/.test(notice))).toEqual([]);
  });

  it('begins anew after a single byte of output, at any rung', () => {
    for (const byte of [17, 25, 40]) {
      const town = watch(0, byte + 14, (elapsed) =>
        silent(elapsed, elapsed >= minutes(byte) ? minutes(byte) : 0),
      );
      expect(town.state().agents[toast]?.ladder ?? null).toBeNull();
      expect(town.minutesOf('nudge', toast).filter((minute) => minute > byte)).toEqual([]);
    }
  });

  it('begins anew after a stamp of its own', () => {
    const town = watch(0, 24, (elapsed) =>
      silent(elapsed, 0, {
        signs: { [toast]: { stamp: known(elapsed >= minutes(20) ? epoch + minutes(20) : null) } },
      }),
    );
    expect(town.minutesOf('nudge', toast)).toEqual([15]);
  });

  it('does not take the echo of its own call for life', () => {
    const town = watch(0, 30, (elapsed) => silent(elapsed, elapsed > minutes(15) ? minutes(15) + 3_000 : 0));
    expect(town.minutesOf('nudge', toast)).toEqual([15, 23]);
  });

  it('F45: is not called while its screen says that it is limited', () => {
    const town = life();
    const limited = (id: string) =>
      id.startsWith('nudge:')
        ? { result: 'skipped' as const, reason: 'limit', error: 'Usage limit reached' }
        : {};
    for (let minute = 0; minute <= 44; minute += 1) town.pass(silent(minutes(minute)), limited);
    expect(town.minutesOf('nudge', toast)).toEqual([15]);
  });

  it('is left alone while its files cannot be read', () => {
    const town = watch(0, 120, (elapsed) =>
      silent(elapsed, 0, { signs: { [toast]: { stamp: unknown('torn') } } }),
    );
    expect(town.minutesOf('nudge', toast)).toEqual([]);
  });

  it('F33: nine hours of suspend are no silence; the ladder begins after the usual awake time', () => {
    const town = watch(0, 10);
    const woken = (elapsed: number) => {
      const snapshot = silent(hours(9) + elapsed);
      return { ...snapshot, now: { ...snapshot.now, awake: hours(10) + minutes(10) + elapsed } };
    };
    for (let minute = 1; minute <= 40; minute += 1) town.pass(woken(minutes(minute)));
    expect(town.minutesOf('nudge', toast)).toEqual([9 * 60 + 16, 9 * 60 + 24]);
  });
});

describe('quiet is no crime', () => {
  it('F01: an agent without work is never called by this rule, however silent', () => {
    const town = watch(0, 240, (elapsed) => silent(elapsed, 0, { hooked: known([]) }));
    expect(town.minutesOf('nudge', toast)).toEqual([]);
    expect(town.notices()).toEqual([]);
  });

  it('F06: work hooked a moment ago gives time, and so does a start', () => {
    const town = watch(0, 29, (elapsed) =>
      silent(elapsed, 0, elapsed < minutes(16) ? { hooked: known([]) } : {}),
    );
    expect(town.minutesOf('nudge', toast)).toEqual([]);
  });

  it('F01: a deacon silent for three hours without anything to do gets at most its pokes, and lives', () => {
    const town = life();
    for (let minute = 0; minute <= 180; minute += 5) {
      const quiet = townAt(minutes(minute), {}, { activity: known(epoch - hours(3)) });
      const plan = town.pass({
        ...quiet,
        signs: { deacon: { stamp: known(epoch) }, 'proj/witness': { stamp: known(epoch) } },
      });
      expect(plan.actions).toEqual([]);
      if (minute > 30) expect(noteOf(plan, 'deacon')).toBe('nothing-waits');
    }
  });
});
