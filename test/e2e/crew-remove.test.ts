import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type TestTown, testTown } from '../rig/town.ts';

/** Who may take a crew worker out of the town, and what is told when it did not work. */
let town: TestTown;

vi.setConfig({ testTimeout: 60_000 });

beforeEach(async () => {
  town = await testTown(['proj']);
  for (const place of ['proj/crew/max', 'proj/crew/lisa', 'mayor'])
    mkdirSync(join(town.root, place), { recursive: true });
});
afterEach(async () => {
  await town.close();
});

const max = { GT_ROLE: 'proj/crew/max' };
const mayor = { GT_ROLE: 'mayor' };
const crew = () => readdirSync(join(town.root, 'proj/crew')).toSorted();
const holds = () =>
  existsSync(join(town.root, 'daemon/holds.json')) ? Object(town.read('daemon/holds.json')).holds : [];
const remove = (args: readonly string[], env = {}) =>
  town.gt(['crew', 'remove', ...args, '--rig', 'proj'], env);

describe('gt crew remove', () => {
  it('is refused to whoever may not end the worker, whether it runs or not', async () => {
    const refused = await remove(['lisa'], max);
    expect(refused).toMatchObject({ status: 77 });
    expect(refused.stderr).toContain('proj/crew/max may not end proj/crew/lisa');
    expect(crew()).toEqual(['lisa', 'max']);
    expect((await remove(['lisa'], mayor)).status).toBe(0);
  });

  it('is no way for an agent around a person’s stop; what an agent stopped it may remove', async () => {
    await town.gt(['crew', 'stop', 'proj/max']);
    for (const more of [[], ['--force']]) {
      const refused = await remove(['lisa', 'max', ...more], mayor);
      expect(refused.status).toBe(77);
      expect(refused.stderr).toContain('what a person stopped a person removes');
    }
    expect(crew()).toEqual(['lisa', 'max']);
    expect(holds()).toMatchObject([{ target: 'proj/crew/max', kind: 'shutdown' }]);
    await town.gt(['crew', 'stop', 'proj/lisa'], mayor);
    expect((await remove(['lisa'], mayor)).status).toBe(0);
    expect((await remove(['max'])).status).toBe(0);
    expect(holds()).toEqual([]);
  });

  it('leaves a person’s stop that came while the workspace was moved', async () => {
    const hold = {
      target: 'proj/crew/max',
      kind: 'shutdown',
      reason: 'no',
      by: 'ann',
      since: null,
      until: null,
    };
    writeFileSync(join(town.dir, 'held'), JSON.stringify({ version: 1, holds: [hold] }));
    writeFileSync(join(town.dir, 'git'), `#!/bin/sh\ncp ${town.dir}/held ${town.root}/daemon/holds.json\n`);
    chmodSync(join(town.dir, 'git'), 0o755);
    writeFileSync(join(town.root, 'proj/crew/max/.git'), 'gitdir: elsewhere\n');
    const removed = await remove(['max'], { ...mayor, PATH: `${town.dir}:${town.env.PATH}` });
    expect(removed.status).toBe(77);
    expect(holds()).toEqual([hold]);
  });

  it('--force is refused to a worker that it would end itself, before anybody is ended', async () => {
    await town.gt(['crew', 'start', 'proj/max']);
    const { pid } = town.paneOf('gt-proj-crew-max');
    const refused = await remove(['max', '--force'], max);
    expect(refused).toMatchObject({ status: 1 });
    expect(refused.stderr).toContain('gt lifecycle request shutdown');
    expect(town.paneOf('gt-proj-crew-max')).toMatchObject({ pid, dead: false });
    expect(holds()).toEqual([]);
  });

  it('--force names whom it stopped where another one did not go', async () => {
    await town.gt(['crew', 'start', 'proj/max']);
    await town.gt(['crew', 'start', 'proj/lisa']);
    town.tmux('new-session', '-d', '-s', 'elsewhere', 'sleep 600');
    town.tmux('join-pane', '-d', '-s', '=gt-proj-crew-lisa:', '-t', '=elsewhere:');
    const failed = await remove(['max', 'lisa', '--force']);
    expect(failed.status).toBe(1);
    expect(failed.stderr).toContain('Nobody was removed. Stopped, and kept down: proj/max.');
    expect(crew()).toEqual(['lisa', 'max']);
  });
});
