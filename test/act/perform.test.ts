import { expect, it, vi } from 'vitest';
import { perform } from '../../src/act/perform.ts';
import { type StandInTown, standInTown } from './town.ts';

vi.setConfig({ testTimeout: 60_000 });

let town: StandInTown;
it('gives one outcome for each action, in the plan’s order, whatever happens to the others', async () => {
  town = standInTown();
  await perform([town.start('proj/witness')], town.world);
  await town.ready('proj/witness');
  const plan = [
    { ...(await town.nudge('proj/witness', 'HEARTBEAT: x')), panePid: 1 },
    town.start('proj/crew/w0'),
    { ...town.start('proj/witness'), agent: 'proj/crew/nobody', id: 'start:nobody' },
  ];
  const outcomes = await perform(plan, town.world);
  expect(outcomes.map(({ action, result, reason }) => [action, result, reason])).toEqual([
    ['nudge:proj/witness', 'failed', 'changed'],
    ['start:proj/crew/w0', 'ok', null],
    ['start:nobody', 'skipped', 'no-such-agent'],
  ]);
});

it('says of every action that nothing was done when no tmux can be found', async () => {
  town = standInTown();
  const client = {
    ...town.world.client,
    call: () => town.tmux.run({ file: 'no-such-tmux', args: [], env: {} }),
  };
  const [outcome] = await perform([town.start('deacon')], { ...town.world, client });
  expect(outcome).toMatchObject({
    result: 'failed',
    reason: 'tmux',
    error: 'nothing was started: tmux was not found',
  });
});

it('says of a kind of action that breaks what broke, and still carries out the others', async () => {
  town = standInTown();
  const mail = {
    ...town.world.store.mail,
    claim: () => Promise.reject(new TypeError('the store fell over')),
  };
  const world = { ...town.world, store: { ...town.world.store, mail } };
  const plan = [town.settle('proj/witness', 'cycle', 'no-message', null), town.start('deacon')];
  const outcomes = await perform(plan, world);
  expect(outcomes.map(({ action, result, reason, error }) => [action, result, reason, error])).toEqual([
    ['settle:proj/witness', 'failed', 'bug', 'the store fell over'],
    ['start:deacon', 'ok', null, null],
  ]);
});

it('asks nothing of tmux for an empty plan', async () => {
  town = standInTown();
  expect(await perform([], town.world)).toEqual([]);
  expect(town.clients()).toBe(0);
});
