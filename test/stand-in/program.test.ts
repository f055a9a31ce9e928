import { existsSync, readFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { nudgeAgents } from '../../src/act/nudge.ts';
import { startAgents } from '../../src/act/start.ts';
import { type StandInTown, standInTown } from '../act/town.ts';
import { until } from '../rig/until.ts';

vi.setConfig({ testTimeout: 60_000 });

let town: StandInTown;
it('keeps the deacon’s heartbeat, stops when told to be quiet, and answers a nudge with a new one', async () => {
  town = standInTown();
  await startAgents([town.start('deacon')], town.world);
  await town.ready('deacon');
  const file = `${town.root}/deacon/heartbeat.json`;
  await until('the first heartbeat', () => existsSync(file));
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
    cycle: 1,
    healthy_agents: 0,
    unhealthy_agents: 0,
  });
  await town.tell('deacon', 'quiet');
  await nudgeAgents([await town.nudge('deacon', 'HEARTBEAT: are you there?')], town.world);
  await until('the answer', () => JSON.parse(readFileSync(file, 'utf8')).cycle === 2);
});

it('ends with the status it is told, and its pane keeps it', async () => {
  town = standInTown({ runtime: {} });
  await startAgents([town.start('proj/witness')], town.world);
  await town.ready('proj/witness');
  await town.tmux.tmux('send-keys', '-t', '=gt-proj-witness:', 'exit 7', 'Enter');
  // The child that tmux runs first makes it notice, should it have missed the end of the pane's process.
  const status = async () =>
    town.tmux.tmux(
      'run-shell',
      'true',
      ';',
      'display-message',
      '-p',
      '-t',
      '=gt-proj-witness:',
      '#{pane_dead_status}',
    );
  await until('the status', async () => (await status()) === '7');
});
