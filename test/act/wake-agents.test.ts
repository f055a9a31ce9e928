import { beforeEach, expect, it, vi } from 'vitest';
import { perform } from '../../src/act/perform.ts';
import type { WakeAction } from '../../src/act/wake-agents.ts';
import { until } from '../rig/until.ts';
import { type StandInTown, standInTown } from './town.ts';

vi.setConfig({ testTimeout: 60_000 });

const witness = 'proj/witness';
let town: StandInTown;
beforeEach(async () => {
  town = standInTown();
  await town.begin(witness);
});

const wakeText = 'WAKE: a timer you set has run out. Run: gt mail inbox';

async function timer(name: string): Promise<WakeAction> {
  const mailbox = 'proj/witness';
  return {
    kind: 'mail',
    id: `mail:${name}`,
    agent: witness,
    session: 'gt-proj-witness',
    why: 'timer',
    evidence: {},
    message: await town.mailed(mailbox, `TIMER: ${name}`),
    mailbox,
    resumed: false,
    ...(await town.paneOf(witness)),
  };
}

it('one line says that timers have run out, however many', async () => {
  const outcomes = await perform([await timer('one'), await timer('two')], town.world);
  expect(outcomes.map(({ result, error }) => [result, error])).toEqual([
    ['ok', null],
    ['ok', null],
  ]);
  expect(town.heard(witness)).toEqual([{ line: wakeText }]);
});

it('a line that was put off is told with its mail, which was sent', async () => {
  await town.tmux.tmux('send-keys', '-t', '=gt-proj-witness:', '-l', '--', 'half a thought');
  await until('the draft', async () => (await town.screen(witness)).includes('half a thought'));
  const [outcome] = await perform([await timer('one')], town.world);
  expect(outcome?.result).toBe('ok');
  expect(outcome?.error).toContain('unsent text stands in its composer');
  expect(town.heard(witness)).toEqual([]);
});

it('an agent that is nudged in the same pass is not nudged twice', async () => {
  const nudge = await town.nudge(witness, 'HEARTBEAT: one look, please.');
  const outcomes = await perform([nudge, await timer('one')], town.world);
  expect(outcomes.map(({ result, error }) => [result, error])).toEqual([
    ['ok', null],
    ['ok', null],
  ]);
  expect(town.heard(witness)).toEqual([{ line: 'HEARTBEAT: one look, please.' }]);
});
