import { describe, expect, it } from 'vitest';
import { resetAgent } from '../../src/decide/reset.ts';
import { isOutOfSight } from '../../src/decide/work-unknown.ts';
import { known, unknown } from '../../src/model/fact.ts';
import type { HookedWork, Snapshot } from '../../src/model/snapshot.ts';
import { epoch, hours, minutes, noteOf } from './given.ts';
import { dead, hookedOn, life, recordOf, toast, townAt } from './recovery.ts';

const work = known([hookedOn(toast)]);
const holding = (elapsed: number, more: Partial<Snapshot> = {}) =>
  townAt(elapsed, {}, { hooked: work, ...more });
const crashed = (elapsed: number, more: Partial<Snapshot> = {}) =>
  townAt(elapsed, { [toast]: dead }, { hooked: work, ...more });

/** A town whose polecat has been at work for an hour. */
function atWork() {
  const town = life();
  town.pass(holding(0));
  town.pass(holding(minutes(60)));
  return town;
}

describe('a polecat that dies with open work on its hook', () => {
  it('is started again in its pane, with its evidence', () => {
    const [action] = atWork().pass(crashed(minutes(61))).actions;
    expect(action).toMatchObject({
      id: `recreate:${toast}`,
      why: 'crashed-polecat',
      evidence: { work: 'gt-1', deaths: 1, status: 1 },
    });
  });

  it('is started again where even its session is gone', () => {
    const gone = townAt(minutes(61), { [toast]: null }, { hooked: work });
    expect(atWork().pass(gone).actions[0]).toMatchObject({ id: `start:${toast}`, why: 'crashed-polecat' });
  });

  it('F26: gets at most three restarts for one piece of work, which is then parked with one message', () => {
    const town = atWork();
    for (let minute = 61; minute < 400; minute += 1) town.pass(crashed(minutes(minute)));
    expect(town.minutesOf('recreate', toast)).toEqual([61, 62, 63]);
    expect(town.notices().filter((notice) => notice.startsWith('work-parked'))).toEqual([
      'work-parked:gt-1 opened to overseer',
    ]);
  });

  it('F26: the work stays parked when another polecat gets it, until gt reset', () => {
    const town = atWork();
    for (let minute = 61; minute < 70; minute += 1) town.pass(crashed(minutes(minute)));
    const nux = 'proj/polecats/nux';
    const rigs = known([{ name: 'proj', crew: [], polecats: ['toast', 'nux'] }]);
    const given = (elapsed: number) =>
      townAt(elapsed, { [toast]: null, [nux]: dead }, { rigs, hooked: known([hookedOn(nux)]) });
    town.pass(given(minutes(71)));
    expect(town.minutesOf('recreate', nux)).toEqual([]);
    const reset = life(resetAgent(town.state(), nux));
    expect(reset.pass(given(minutes(72))).actions.map(({ id }) => id)).toContain(`recreate:${nux}`);
  });

  it('F26: two ticks at the same state decide one and the same restart', () => {
    const one = atWork().pass(crashed(minutes(61)));
    const two = atWork().pass(crashed(minutes(61)));
    expect(one).toEqual(two);
  });

  it('a failed restart is told to the witness once, and taken back when it runs again', () => {
    const town = atWork();
    const failing = () => ({
      result: 'failed' as const,
      error: 'no directory to work in',
      reason: 'no-directory',
    });
    const only = (id: string) => (id.startsWith('recreate:') ? failing() : {});
    for (const minute of [61, 62, 63]) town.pass(crashed(minutes(minute)), only);
    expect(town.notices()).toEqual([`crashed-polecat:${toast} opened to proj/witness`]);
    const told = town.log.flatMap(({ plan }) => plan.actions).find(({ kind }) => kind === 'alert');
    expect(told?.kind === 'alert' && told.subject).toBe('CRASHED_POLECAT: proj/toast restart failed');
    expect(told?.kind === 'alert' && told.body).toContain(
      '\n\nhook_bead: gt-1\nrestart_error: no directory to work in\n\n',
    );
    for (const minute of [64, 69, 74]) town.pass(holding(minutes(minute), {}));
    expect(town.notices().at(-1)).toBe(`crashed-polecat:${toast} recovered to proj/witness`);
  });
});

describe('nobody is brought back', () => {
  it.each<[string, HookedWork[]]>([
    ['F28: for work that is closed or missing', []],
    ['F28: for work that somebody else has by now', [hookedOn('proj/crew/max')]],
  ])('%s', (_name, hooked) => {
    const town = atWork();
    const rigs = known([{ name: 'proj', crew: ['max'], polecats: ['toast'] }]);
    for (const minute of [61, 62, 67]) town.pass(crashed(minutes(minute), { hooked: known(hooked), rigs }));
    expect(town.minutesOf('recreate')).toEqual([]);
    expect(town.notices()).toEqual([]);
  });

  it.each(['done', 'stopped', 'nuked', 'paused', 'awaiting-gate'])(
    'F22, F28: who says that it is %s',
    (state) => {
      const records = known({ [toast]: recordOf(toast, state, null) });
      const plan = atWork().pass(crashed(minutes(61), { records }));
      expect(plan.actions).toEqual([]);
      expect(noteOf(plan, toast)).toBe('finished');
    },
  );

  it('F23, F25: while the store does not answer; and its rig, once it does', () => {
    const town = atWork();
    const blind = town.pass(
      crashed(minutes(61), { hooked: unknown('bd timed out'), records: unknown('bd timed out') }),
    );
    expect(blind.actions.map(({ id }) => id)).toEqual(['alert:town-unseen']);
    expect(noteOf(blind, toast)).toBe('work-unknown');
    expect(town.pass(crashed(minutes(62))).actions.map(({ id }) => id)).toContain(`recreate:${toast}`);
  });

  it('F23, F64: while its rig’s own store is silent, and nothing about its work begins or ends meanwhile', () => {
    const town = atWork();
    const silent = { hooked: known([]), silentRigs: ['proj'] };
    const blind = town.pass(crashed(minutes(61), silent));
    expect(blind.actions).toEqual([]);
    expect(noteOf(blind, toast)).toBe('work-unknown');
    expect(blind.state.work.map(({ agent }) => agent)).toContain(toast);
    // A store that was silent once may only have been slow.
    expect(town.pass(crashed(minutes(62), silent)).actions.map(({ id }) => id)).toEqual([
      'alert:stores-silent',
    ]);
    expect(town.pass(crashed(minutes(63))).actions.map(({ id }) => id)).toContain(`recreate:${toast}`);
    // Work of other stores is known to be there.
    const other = atWork().pass(crashed(minutes(61), { silentRigs: ['proj'] }));
    expect(other.actions.map(({ id }) => id)).toContain(`recreate:${toast}`);
    const orphaned = atWork().pass(
      crashed(minutes(61), { hooked: known([hookedOn('proj/polecats/nobody')]), silentRigs: ['other'] }),
    );
    const condition = orphaned.state.conditions.find(({ code }) => code === 'orphaned-work');
    expect(condition === undefined ? null : isOutOfSight(condition, townAt(0, {}, silent))).toBe(true);
  });

  it('F22: whose rig is parked, nor the whole town under ESTOP', () => {
    const hold = { kind: 'parked' as const, reason: 'release', by: 'you', since: null, until: null };
    for (const target of ['proj', '*', toast]) {
      const plan = atWork().pass(crashed(minutes(61), { holds: known([{ ...hold, target }]) }));
      expect(plan.actions.filter(({ agent }) => agent === toast)).toEqual([]);
    }
  });

  it('F72: while the state comes from its backup, which the very next call of the scheduler makes good', () => {
    const town = atWork();
    // Nobody has worked here for long: the next pass would be an hour away.
    const idle = { activity: known(epoch - minutes(600)) };
    const careful = town.pass(crashed(minutes(61), idle), () => ({}), true);
    expect(careful.actions).toEqual([]);
    expect([noteOf(careful, toast), careful.intervalSeconds]).toEqual(['careful', 60]);
    const next = town.pass(crashed(minutes(62), idle));
    expect(next.actions.map(({ id }) => id)).toEqual([`recreate:${toast}`]);
  });

  it('F30: who cleared its hook and works on', () => {
    const town = atWork();
    const plan = town.pass(holding(minutes(120), { hooked: known([]) }));
    expect(plan.actions).toEqual([]);
  });
});

describe('F27: a polecat that is still being made', () => {
  const at = (minute: number) => new Date(epoch + minutes(minute)).toISOString();
  const unborn = (elapsed: number, more: Partial<Snapshot>) =>
    townAt(elapsed, { [toast]: null }, { hooked: known([hookedOn(toast, { since: at(0) })]), ...more });
  const watched = () => {
    const town = life();
    town.pass(townAt(-minutes(60), { [toast]: null }));
    town.pass(townAt(-minutes(30), { [toast]: null }));
    return town;
  };

  it('is left in peace for five minutes after its work was hooked', () => {
    const town = watched();
    for (const minute of [0, 2, 4]) {
      const plan = town.pass(unborn(minutes(minute), {}));
      expect(plan.actions).toEqual([]);
      expect(noteOf(plan, toast)).toBe('spawning');
    }
    expect(town.pass(unborn(minutes(6), {})).actions[0]).toMatchObject({ id: `start:${toast}` });
  });

  it.each([
    [2, true],
    [20, false],
  ])('that says spawning, %i minutes old: left in peace: %s', (minute, left) => {
    const records = known({ [toast]: recordOf(toast, 'spawning', at(0)) });
    const plan = watched().pass(unborn(minutes(minute), { records }));
    expect(plan.actions.length === 0).toBe(left);
  });

  it('that says spawning without a date ages from when we first saw it', () => {
    const records = known({ [toast]: recordOf(toast, 'spawning', null) });
    const town = watched();
    expect(town.pass(unborn(minutes(200), { records })).actions).toEqual([]);
    expect(town.pass(unborn(minutes(206), { records })).actions[0]).toMatchObject({ id: `start:${toast}` });
  });
});

describe('orphaned work', () => {
  it('is told to the witness once, with who held it, half an hour after it was first seen so', () => {
    const town = life();
    const hooked = known([hookedOn('proj/crew/max')]);
    for (let minute = 0; minute <= 90; minute += 5) town.pass(townAt(minutes(minute), {}, { hooked }));
    expect(town.notices()).toEqual([
      'hooks-match-nobody opened to overseer',
      'orphaned-work:proj opened to proj/witness',
    ]);
    const told = town.log.flatMap(({ minute, plan }) => plan.actions.map((action) => ({ minute, action })));
    const mail = told.find(({ action }) => action.kind === 'alert' && action.why === 'orphaned-work');
    expect(mail?.minute).toBe(30);
    expect(mail?.action.kind === 'alert' && mail.action.body).toContain('held_by: proj/crew/max');
  });

  it('F73: of finished, closed or parked work is told to nobody again and again', () => {
    const town = atWork();
    for (let minute = 61; minute < 60 + 200; minute += 1) town.pass(crashed(minutes(minute)));
    expect(town.notices()).toEqual(['work-parked:gt-1 opened to overseer']);
  });

  it('a rule about work that matches no agent at all says so', () => {
    const town = life();
    const hooked = known([hookedOn('gt-polecat-proj-toast')]);
    for (const minute of [0, 5, 10]) town.pass(townAt(minutes(minute), {}, { hooked }));
    expect(town.notices()).toEqual(['hooks-match-nobody opened to overseer']);
  });
});

it('F33: work that was hooked before a nine-hour gap restarts nobody who lives', () => {
  const town = atWork();
  const slept = holding(hours(10));
  const plan = town.pass({ ...slept, now: { ...slept.now, awake: hours(11) + minutes(1) } });
  expect(plan.actions).toEqual([]);
});
