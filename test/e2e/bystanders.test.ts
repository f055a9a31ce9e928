import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { standInFile } from '../rig/built-gt.ts';
import { clockEnv, type TestTown, testTown } from '../rig/town.ts';
import { until } from '../rig/until.ts';

/** Sessions on the town's own tmux server that are none of its agents', however much they look like them. */
describe('those who only live beside a town’s agents', () => {
  let town: TestTown;
  let bystanders: ReadonlyMap<string, number>;
  beforeAll(async () => {
    town = await testTown(['proj']);
    await town.tick();
    const program = [process.execPath, standInFile, '--every', '3600000'];
    const open = (session: string, dir: string, ...marks: readonly (readonly [string, string])[]) => {
      town.tmux('new-session', '-d', '-s', session, '-c', dir, ...program);
      for (const [name, value] of marks) town.tmux('set-option', '-t', `=${session}:`, name, value);
    };
    mkdirSync(join(town.dir, 'elsewhere'));
    // The agents' own program: below the town, elsewhere, by a name of the town's, of a rig that is gone, of another town.
    open('notes', town.root);
    open('elsewhere', join(town.dir, 'elsewhere'));
    open('gt-proj-refinery', town.root);
    open('gt-gone-witness', town.root, ['@gt_town', town.root], ['@gt_agent', 'gone/witness']);
    open('gt-mayor', town.root, ['@gt_town', `${town.root}-two`], ['@gt_agent', 'mayor']);
    bystanders = new Map(
      ['notes', 'elsewhere', 'gt-proj-refinery', 'gt-gone-witness', 'gt-mayor'].map((session) => [
        session,
        town.paneOf(session).pid,
      ]),
    );
  });
  afterAll(() => town.close());

  const unharmed = () => {
    for (const [session, pid] of bystanders)
      expect(town.paneOf(session), session).toMatchObject({ pid, dead: false });
  };

  it('are left alone by every heartbeat, also by one that brings an agent back (F16, F17, F18)', async () => {
    const { pid } = town.paneOf('gt-proj-witness');
    process.kill(pid, 'SIGKILL');
    await until('tmux to notice', () => town.paneOf('gt-proj-witness').dead);
    const deeds = [];
    for (let pass = 0; pass < 4; pass += 1) deeds.push(...(await town.tick()).actions);
    expect(deeds.map(({ id, result }) => `${id} ${result}`)).toEqual(['recreate:proj/witness ok']);
    unharmed();
  });

  it('outlive a doctor that mends, and the removal of the rig whose name they bear (F17, F18)', async () => {
    await town.gt(['doctor', '--fix']);
    await town.gt(['refinery', 'stop', 'proj']);
    await town.gt(['mayor', 'stop']);
    unharmed();
  });

  it('outlive gt down, after which nobody comes back: not by a heartbeat, not after a reboot (F18, F20)', async () => {
    const down = await town.gt(['down']);
    expect(down.status).toBe(0);
    unharmed();
    const now = { wall: Date.now(), awake: 1e9, uptime: 1e9, boot: 'first' };
    for (let pass = 0; pass < 3; pass += 1)
      expect((await town.tick(clockEnv(now, pass * 60_000))).actions).toEqual([]);
    const booted = clockEnv(now, 30 * 60_000, { awake: 60_000, uptime: 60_000, boot: 'second' });
    expect((await town.tick(booted)).actions).toEqual([]);
    expect([...town.livePanes().keys()]).toEqual(['gt-gone-witness']);
    unharmed();
    expect((await town.gt(['up'])).stdout).toContain('✓ Deacon: gt-deacon');
  });

  it('are joined by the agents of a rig whose directory is gone: it is named, they are not started, and are back when it is there (F84)', async () => {
    const dir = join(town.root, 'proj');
    renameSync(dir, `${dir}-away`);
    const { pid } = town.paneOf('gt-deacon');
    const { pid: witness } = town.paneOf('gt-proj-witness');
    process.kill(witness, 'SIGKILL');
    await until('tmux to notice', () => town.paneOf('gt-proj-witness').dead);
    const gone = await town.tick();
    expect(gone.actions.filter(({ result }) => result === 'ok')).toEqual([]);
    expect(gone.warnings.map(({ message }) => message).join()).toContain('proj');
    renameSync(`${dir}-away`, dir);
    await until('the witness to be back', async () => {
      await town.tick();
      return !town.paneOf('gt-proj-witness').dead;
    });
    expect(town.paneOf('gt-deacon').pid).toBe(pid);
  });
});
