import { describe, expect, it } from 'vitest';
import { orphansIn } from '../../src/decide/orphans.ts';
import { known } from '../../src/model/fact.ts';
import type { HookedWork, Snapshot } from '../../src/model/snapshot.ts';
import { epoch, minutes } from './given.ts';
import { hookedOn, life, townAt } from './recovery.ts';

const nobody = (id: string, holder = 'proj/crew/max') => hookedOn(holder, { id });

/** A town in which this work is on hooks at each minute, one pass every five minutes. */
function lived(
  span: number,
  hooked: (minute: number) => readonly HookedWork[],
  more: Partial<Snapshot> = {},
) {
  const town = life();
  for (let minute = 0; minute <= span; minute += 5)
    town.pass(townAt(minutes(minute), {}, { hooked: known(hooked(minute)), ...more }));
  const told = town.log.flatMap(({ minute, plan }) =>
    plan.actions.flatMap((action) =>
      action.kind === 'alert' && action.why === 'orphaned-work'
        ? [{ minute, notice: action.notice, to: action.to, body: action.body }]
        : [],
    ),
  );
  return { town, told, when: told.map(({ minute, notice }) => `${notice} at ${minute}`) };
}

const items = (count: number) => Array.from({ length: count }, (_, index) => nobody(`gt-${index}`));

describe('F73: orphaned work of one rig', () => {
  it('is one notice to its witness when it begins and one when it is over, however many pieces', () => {
    const { told, when } = lived(120, (minute) => (minute < 60 ? items(12) : []));
    expect(when).toEqual(['opened at 30', 'recovered at 60']);
    expect(told[0]).toMatchObject({ to: 'proj/witness' });
    expect(told[0]?.body).toContain('12 pieces of hooked work of rig proj');
    expect(told[0]?.body).toContain('gt-7 on the hook of proj/crew/max');
    expect(told[0]?.body).toContain('and 4 more');
  });

  it('that grows is told with one reminder an hour at most, and only of what has lain for half an hour', () => {
    // A new piece every ten minutes.
    const { told, when } = lived(200, (minute) => items(1 + Math.floor(minute / 10)));
    expect(when).toEqual(['opened at 30', 'reminder at 90', 'reminder at 150']);
    expect(told[1]?.body).toContain('10 pieces');
  });

  it('that came and went again between two notices is not told', () => {
    const extra = (minute: number) => (minute >= 100 && minute < 120 ? [nobody('gt-new')] : []);
    expect(lived(300, (minute) => [nobody('gt-0'), ...extra(minute)]).when).toEqual(['opened at 30']);
    const stays = (minute: number) => (minute >= 100 ? [nobody('gt-new')] : []);
    expect(lived(300, (minute) => [nobody('gt-0'), ...stays(minute)]).when).toEqual([
      'opened at 30',
      'reminder at 130',
    ]);
  });

  it('is told of although it is parked, once there is no holder whose parked work it could be', () => {
    const town = townAt(0, {}, { hooked: known([nobody('gt-0', 'proj/polecats/gone')]) });
    const at = new Date(epoch).toISOString();
    const agent = 'proj/polecats/gone';
    const parked = { work: 'gt-0', agent, seen: { at, awake: 0 }, deaths: 4, parked: at };
    expect(orphansIn(town, [], [parked]).map(({ why }) => why)).toEqual(['no-such-agent']);
  });

  it('has not lasted when one piece took the place of another', () => {
    expect(lived(200, (minute) => [nobody(`gt-${Math.floor(minute / 20)}`)]).when).toEqual([]);
  });
});

it('F73: holders of several rigs are told to their own witnesses, those of none to the human', () => {
  const rigs = known([
    { name: 'proj', crew: [], polecats: [] },
    { name: 'other', crew: [], polecats: [] },
  ]);
  const hooked = [
    nobody('gt-1'),
    nobody('gt-2', 'other/polecats/nux'),
    nobody('gt-3', 'gt-polecat-toast'),
    nobody('gt-4', 'gone/witness'),
  ];
  const { told } = lived(60, () => hooked, { rigs });
  expect(told.map(({ to, minute }) => `${to} at ${minute}`)).toEqual([
    'proj/witness at 30',
    'other/witness at 30',
    'overseer at 30',
  ]);
  expect(told[2]?.body).toContain('hook_bead: gt-3, gt-4');
});

it('F64, F73: what a silent store hides has neither ended nor come anew', () => {
  const town = life();
  const at = (minute: number, more: Partial<Snapshot> = {}) =>
    town.pass(townAt(minutes(minute), {}, { hooked: known(items(2)), ...more }));
  for (let minute = 0; minute <= 40; minute += 5) at(minute);
  for (let minute = 45; minute <= 100; minute += 5)
    at(minute, { hooked: known([nobody('gt-0')]), silentRigs: ['proj'] });
  for (let minute = 105; minute <= 300; minute += 5) at(minute);
  expect(town.notices().filter((notice) => notice.startsWith('orphaned-work'))).toEqual([
    'orphaned-work:proj opened to proj/witness',
  ]);
  const condition = town.state().conditions.find(({ code }) => code === 'orphaned-work');
  expect(condition?.parts?.map(({ name }) => name).sort()).toEqual(['gt-0', 'gt-1']);
  expect(condition?.opened).toBe(new Date(epoch).toISOString());
});
