import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type AlertAction, sendAlerts } from '../../src/act/alert.ts';
import { lives } from '../rig/until.ts';
import { scratch } from '../town/scratch.ts';
import { standInTown } from './town.ts';

it('F64: a command for notices that hangs is ended with what it had started, and the notice stays owed', async () => {
  const dir = scratch();
  const file = `${dir}/notify`;
  writeFileSync(file, `#!/bin/sh\nsleep 60 & echo $! > ${dir}/child\nwait\n`, { mode: 0o755 });
  const { world } = standInTown({ program: '/nonexistent' });
  const { config } = world;
  const alerts = { ...config.tick.alerts, command: [file] };
  const action: AlertAction = {
    kind: 'alert',
    id: 'alert:x',
    agent: 'overseer',
    session: '',
    condition: 'x',
    notice: 'opened',
    to: 'overseer',
    channels: ['command'],
    subject: 'x',
    body: 'x',
    token: 'x',
    retried: false,
    standing: null,
    why: 'x',
    evidence: {},
  };
  const deadline = () => 1_000;
  const hurried = { ...world, deadline, config: { ...config, tick: { ...config.tick, alerts } } };
  expect(await sendAlerts([action], hurried)).toMatchObject([
    { result: 'failed', reason: 'command', error: expect.stringContaining('did not answer') },
  ]);
  expect(lives(Number(readFileSync(`${dir}/child`, 'utf8')))).toBe(false);
});
