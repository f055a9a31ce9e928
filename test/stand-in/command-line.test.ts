import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { standInFile } from '../rig/built-gt.ts';

it('a stand-in explains its options, and says what is wrong with a command line without a stack', () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [standInFile, ...args], { encoding: 'utf8' });
  const help = run('--help');
  expect(help).toMatchObject({ status: 0, stderr: '' });
  for (const option of [
    'name',
    'heartbeat',
    'keepalive',
    'every',
    'log',
    'log-dir',
    'begin',
    'hooks',
    'clock',
  ])
    expect(help.stdout).toContain(`  --${option} `);
  for (const wrong of [['--nope'], ['--every', 'x']]) {
    const { status, stderr } = run(...wrong);
    expect([status, stderr.split('\n').length]).toEqual([64, 3]);
  }
});
