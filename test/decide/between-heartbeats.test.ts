import { expect, it } from 'vitest';
import { betweenHeartbeats } from '../../src/decide/between-heartbeats.ts';
import { settle } from '../../src/decide/settle.ts';
import { known } from '../../src/model/fact.ts';
import { decideOn, minutes, rig } from './given.ts';
import { dead, hookedOn, life, toast, townAt } from './recovery.ts';

const rigs = known([rig('proj', { polecats: ['toast', 'jam', 'roll'] })]);
const hooked = known(
  ['toast', 'jam', 'roll'].map((name, index) => hookedOn(`proj/polecats/${name}`, { id: `gt-${index}` })),
);
const all = { deacon: dead, 'proj/witness': dead, [toast]: dead, 'proj/polecats/jam': dead };

/** What `gt lifecycle process` and hand-made starts leave for the next heartbeat. */
function between(snapshot: ReturnType<typeof townAt>, town: ReturnType<typeof life>) {
  const before = town.state();
  const plan = decideOn(snapshot, before, { part: 'lifecycle' });
  return betweenHeartbeats(settle(before, plan, [], plan.nextDueAt), before);
}

it('many deaths at once are still one incident after requests were answered in between', () => {
  const town = life();
  for (let minute = 0; minute <= 10; minute += 1) town.pass(townAt(minutes(minute), {}, { rigs, hooked }));
  const at = (minute: number) => townAt(minutes(minute), all, { rigs, hooked });
  const later = life(between(at(11), town));
  expect(Object.values(later.state().agents).flatMap(({ brake }) => brake?.deaths ?? [])).toEqual([]);
  later.pass(at(12));
  expect(later.notices()).toContain('mass-death opened to overseer');
  expect(Object.values(later.state().agents).flatMap(({ brake }) => brake?.deaths ?? [])).toEqual([]);
  expect(later.state().work.map(({ deaths }) => deaths)).toEqual([0, 0, 0]);
});

it('a lost tmux server is still found by the next heartbeat', () => {
  const town = life();
  for (let minute = 0; minute <= 10; minute += 1) town.pass(townAt(minutes(minute), {}, { rigs, hooked }));
  const anew = (minute: number) => {
    const seen = townAt(minutes(minute), { [toast]: null }, { rigs, hooked });
    const { tmux } = seen;
    if (!tmux.known || tmux.value.kind === 'absent') throw new TypeError('no server');
    return { ...seen, tmux: known({ ...tmux.value, pid: 78 }) };
  };
  const state = between(anew(11), town);
  expect(state.home).toEqual(town.state().home);
  expect(state.clock).toEqual(town.state().clock);
  const later = life(state);
  later.pass(anew(12));
  expect(later.state().agents[toast]?.brake?.deaths ?? []).toEqual([]);
});

it('the first deeds in a town remember the server they found', () => {
  const town = life();
  const state = between(townAt(0), town);
  expect(state.home).toMatchObject({ serverPid: 77 });
});
