import { describe, expect, it } from 'vitest';
import { known } from '../../src/model/fact.ts';
import type { SignsOfLife, Snapshot } from '../../src/model/snapshot.ts';
import { epoch, minutes, noteOf } from './given.ts';
import { hookedOn, life, toast, townAt } from './recovery.ts';

const declared = (until: number, since = 0): SignsOfLife['awaits'] => ({
  since: epoch + minutes(since),
  until: epoch + minutes(until),
});
/** The deacon has shown nothing since the epoch, but for a wait it declared. */
const waiting = (minute: number, awaits: SignsOfLife['awaits']): Snapshot => {
  const town = townAt(minutes(minute));
  const deacon: SignsOfLife = { stamp: known(epoch), ...(awaits === undefined ? {} : { awaits }) };
  return { ...town, signs: { ...town.signs, deacon } };
};
const lived = (to: number, snapshot: (minute: number) => Snapshot) => {
  const town = life();
  for (let minute = 0; minute < to; minute += 1) town.pass(snapshot(minute));
  return town;
};

describe('F60: a normal restart or a declared wait is no deacon that is down', () => {
  it('its session gone shortly after its start is a start, not an alert', () => {
    const town = life();
    town.pass(townAt(0, { deacon: null }));
    const plan = town.pass(townAt(minutes(2), { deacon: null }));
    expect(plan.actions.map(({ id }) => id)).toEqual(['start:deacon']);
    for (let minute = 3; minute < 30; minute += 1) town.pass(townAt(minutes(minute)));
    expect(town.notices()).toEqual([]);
  });

  it('while it waits as it said it is neither called nor told of; afterwards it is', () => {
    const town = lived(90, (minute) => waiting(minute, declared(40)));
    expect(town.minutesOf('nudge', 'deacon')[0]).toBe(40);
    const before = town.log.slice(6, 40).map(({ plan }) => noteOf(plan, 'deacon'));
    expect(new Set(before)).toEqual(new Set(['awaiting']));
    expect(
      town.log.slice(0, 41).flatMap(({ plan }) => plan.actions.filter(({ kind }) => kind === 'alert')),
    ).toEqual([]);
  });

  it('a session that is gone during a declared wait is started without an alert', () => {
    const town = life();
    town.pass(waiting(0, declared(40)));
    const gone = { ...townAt(minutes(10), { deacon: null }), signs: waiting(10, declared(40)).signs };
    const plan = town.pass(gone);
    expect(plan.actions.map(({ id }) => id)).toEqual(['start:deacon']);
    expect(town.notices()).toEqual([]);
  });

  it.each<[string, SignsOfLife['awaits'], number]>([
    ['longer than an hour', declared(9 * 60), 60],
    ['that is over', declared(4), 5],
    ['declared in the future', declared(300, 200), 5],
  ])('a wait %s is believed no longer than it deserves', (_name, awaits, called) => {
    const town = lived(90, (minute) => waiting(minute, awaits));
    expect(town.minutesOf('nudge', 'deacon')[0]).toBe(called);
  });

  it('what a predecessor declared does not hold for an agent that we started since', () => {
    const town = life();
    town.pass({ ...townAt(minutes(1), { deacon: null }) });
    const pane = { pane: '%deacon', pid: 4000, agentPane: '%deacon' };
    for (let minute = 2; minute < 30; minute += 1) {
      const now = townAt(minutes(minute), { deacon: pane });
      town.pass({ ...now, signs: waiting(minute, declared(50)).signs });
    }
    expect(town.minutesOf('nudge', 'deacon')[0]).toBe(6);
  });

  it('one signal alone tells nobody: an old stamp is called five times in vain before', () => {
    const town = lived(240, (minute) => waiting(minute, undefined));
    const [first] = town.notices();
    expect(first).toBe('silent:deacon opened to overseer');
    const at = town.log.findIndex(({ plan }) => plan.actions.some(({ kind }) => kind === 'alert'));
    expect(town.minutesOf('nudge', 'deacon').filter((minute) => minute <= at).length).toBeGreaterThanOrEqual(
      5,
    );
  });

  it('a worker that waits as it said is not called over its work', () => {
    const still = (minute: number): Snapshot => ({
      ...townAt(
        minutes(minute),
        { [toast]: { activity: epoch / 1000 } },
        { hooked: known([hookedOn(toast)]) },
      ),
    });
    const waits: SignsOfLife = { stamp: known(epoch), awaits: { since: epoch, until: epoch + minutes(50) } };
    const town = lived(58, (minute) => {
      const now = still(minute);
      return { ...now, signs: { ...now.signs, [toast]: waits } };
    });
    expect(town.minutesOf('nudge', toast)).toEqual([50, 54]);
    expect(town.notices()).toEqual([]);
  });
});
