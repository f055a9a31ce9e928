import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  acknowledge,
  alertsFor,
  mostTries,
  settleNotice,
  updateLedger,
} from '../../src/decide/conditions.ts';
import type { Observed } from '../../src/model/condition.ts';
import { known, unknown } from '../../src/model/fact.ts';
import type { Action, Outcome } from '../../src/model/plan.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import type { Moment } from '../../src/model/state.ts';
import { config, epoch, hours, minutes } from './given.ts';
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

  it('F23: a pass that gets no answer from the store ends with 69, and with 0 again afterwards', () => {
    const town = life();
    const exits = [0, 10, 20].map((minute) => town.pass(outage(minutes(minute), 10, 20)).exit);
    expect(exits).toEqual([0, 69, 0]);
  });

  it('F64: stores of rigs that are silent are one condition, and a pass without them ends with 1', () => {
    const silent = (elapsed: number, ...rigs: string[]) =>
      townAt(elapsed, {}, { hooked: known([]), silentRigs: rigs });
    const town = run(60, (elapsed) => silent(elapsed, ...(elapsed < minutes(30) ? ['a', 'b'] : [])));
    expect(town.notices()).toEqual([
      'stores-silent opened to overseer',
      'stores-silent recovered to overseer',
    ]);
    expect(life().pass(silent(0, 'a')).exit).toBe(1);
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

  it('what came back within an hour after its end was told late is told neither again nor as over again', () => {
    const town = life();
    const at = (minute: number) => {
      const minutesFrom = (from: number, to: number) => minute >= from && minute < to;
      return outage(minutes(minute), minutesFrom(0, 5) || minutesFrom(120, 125) ? minute : 1e9, minute + 1);
    };
    // Nobody looked for long, so that its end was found out and told only at minute 90.
    for (const minute of [0, 90, 91, 110, 120, 121, 126, 130, 150]) town.pass(at(minute));
    expect(town.notices()).toEqual(['town-unseen opened to overseer', 'town-unseen recovered to overseer']);
    for (let minute = 155; minute < 300; minute += 5) town.pass(at(minute));
    expect(town.notices()).toHaveLength(2);
    expect(town.state().conditions).toEqual([]);
  });

  it('what one channel told and another refused is told there as well and taken back once it is over', () => {
    const town = life();
    town.pass(outage(0, 0, 1), () => ({ result: 'failed', error: 'exit 1', reason: 'command' }));
    for (const minute of [10, 11, 20]) town.pass(outage(minutes(minute), 0, 1));
    expect(town.notices()).toEqual([
      'town-unseen opened to overseer',
      'town-unseen opened to overseer',
      'town-unseen recovered to overseer',
    ]);
  });

  it('its end, told by a pass that was cut short, is not told again when it comes back at once and is over again', () => {
    const town = life();
    for (const minute of [0, 5]) town.pass(outage(minutes(minute), 0, 10));
    const [recovered] = town.pass(outage(minutes(15), 0, 10)).actions;
    expect(recovered).toMatchObject({ notice: 'recovered' });
    const cut = life(town.log.at(-1)?.plan.state);
    for (const minute of [16, 17]) cut.pass(outage(minutes(minute), 16, 18));
    for (const minute of [25, 30, 60]) cut.pass(outage(minutes(minute), 0, 1));
    expect(cut.notices()).toEqual([]);
    // Where it stays away, it is looked for, and sent where it is not found.
    const [again] = life(town.log.at(-1)?.plan.state).pass(outage(minutes(16), 0, 1)).actions;
    expect(again).toMatchObject({ notice: 'recovered', retried: true });
    expect(tokenOf(again)).toBe(tokenOf(recovered));
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

const tokenOf = (action: Action | undefined) => (action?.kind === 'alert' ? action.token : null);

const { alerts } = config.tick;
const inSight = () => false;

function wrong(key: string, code = 'stuck'): Observed {
  const words = { subject: 'ALERT', text: 'It is wrong.', details: {}, hint: 'gt status' };
  return { key, code, agent: null, to: 'overseer', ...words };
}

function moment(awake: number, wall = awake): Moment {
  return { at: new Date(epoch + wall).toISOString(), awake };
}

function tried(result: 'ok' | 'failed'): Outcome {
  const place = { pane: null, panePid: null, serverPid: null, serverStarted: null, socket: null };
  return { action: '', result, error: null, reason: result === 'ok' ? null : 'mail', ...place };
}

describe('a notice that cannot be delivered', () => {
  it('keeps none of the others from being delivered, however many there are', () => {
    let ledger = updateLedger(
      [],
      Array.from({ length: 25 }, (_, index) => wrong(`refused:${index}`)),
      moment(0),
      alerts,
      inSight,
    );
    ledger = [...ledger, ...updateLedger([], [wrong('well')], moment(0), alerts, inSight)];
    const delivered: string[] = [];
    for (let pass = 0; pass < 3; pass += 1)
      for (const action of alertsFor(ledger)) {
        if (action.kind !== 'alert') continue;
        const ok = action.condition === 'well';
        if (ok) delivered.push(action.condition);
        ledger = settleNotice(ledger, action, tried(ok ? 'ok' : 'failed'), moment(minutes(pass)));
      }
    expect(delivered).toEqual(['well']);
  });

  it('is given up after so many tries, says so in its evidence, and comes again with its reminder', () => {
    const town = life();
    const at = (minute: number) => outage(minutes(minute), 0, 1e9);
    const refused = () => ({ result: 'failed' as const, error: 'disk full', reason: 'mail' });
    for (let pass = 0; pass < mostTries + 50; pass += 1) town.pass(at(pass * 5), refused);
    const sent = town.log.flatMap(({ plan }) => plan.actions);
    expect(sent.length).toBe(mostTries);
    expect(sent.at(-1)?.evidence).toMatchObject({ tries: mostTries - 1, last_try: true });
    const [again] = town.pass(at(60 * 24 + mostTries * 5)).actions;
    expect(again).toMatchObject({ kind: 'alert', notice: 'reminder', retried: false });
  });
});

describe('the token of a notice', () => {
  it('is another one for each reminder, and the same while one is tried again', () => {
    const town = life();
    const tokens = [0, 24, 48, 72].map((hour) => {
      const token = (minute: number, ok: boolean) => {
        const plan = town.pass(outage(hours(hour) + minutes(minute), 0, 1e9), () =>
          ok ? {} : { result: 'failed', error: 'disk full', reason: 'mail' },
        );
        const [action] = plan.actions;
        return action?.kind === 'alert' ? action.token : null;
      };
      const first = token(hour / 2, false);
      expect(token(hour / 2 + 5, true)).toBe(first);
      return first;
    });
    expect(tokens).not.toContain(null);
    expect(new Set(tokens).size).toBe(tokens.length);
  });
});

describe('what is told only if it lasts', () => {
  const orphan = [wrong('orphaned-work:gt-1', 'orphaned-work')];

  it('has not lasted while the machine slept or its clock was set', () => {
    const first = updateLedger([], orphan, moment(0), alerts, inSight);
    const slept = updateLedger(first, orphan, moment(minutes(1), hours(9)), alerts, inSight);
    expect(slept[0]?.owed).toBeNull();
    const later = updateLedger(slept, orphan, moment(minutes(29), hours(10)), alerts, inSight);
    expect(later[0]?.owed).toBeNull();
    const set = updateLedger(later, orphan, moment(minutes(31), -hours(2)), alerts, inSight);
    expect(set[0]?.owed).toMatchObject({ kind: 'opened' });
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
