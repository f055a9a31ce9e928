import { existsSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { beginAnew, clockFrom, killAgent, minutes, stampKeepalive } from '../rig/faulted.ts';
import { signal } from '../rig/tmux.ts';
import { clockEnv, type Report, type TestTown, testTown } from '../rig/town.ts';
import { treeOf } from '../rig/tree.ts';
import { until } from '../rig/until.ts';

describe('a dry run', () => {
  const base = clockFrom();
  const at = (minute: number) => clockEnv(base, minutes(minute));
  let town: TestTown;
  afterEach(() => town.close());

  const planOf = ({ actions, notes, warnings }: Report) => ({
    actions: actions.map(({ result: _result, error: _error, ...planned }) => planned),
    notes,
    warnings,
  });
  const dry = (minute: number) => town.tick(at(minute), ['--dry-run']);

  it('prints the plan that the pass then carries out', async () => {
    const rigs = ['a', 'b', 'c', 'd'];
    town = await testTown(rigs);
    await beginAnew(town, base, ['gt-deacon', ...rigs.map((rig) => `gt-${rig}-witness`)]);
    stampKeepalive(town, 'd/witness', base.wall + minutes(18));
    expect((await town.gt(['rig', 'park', 'c', '--reason', 'release'])).status).toBe(0);
    await killAgent(town, 'gt-a-witness');
    await killAgent(town, 'gt-c-witness');
    town.tmux('kill-session', '-t', '=gt-b-witness:');
    const planned = await dry(20);
    expect(planned.actions.map(({ id, why, result }) => `${id} ${why} ${result}`)).toEqual([
      'nudge:deacon heartbeat-very-stale planned',
      'recreate:a/witness pane-dead planned',
      'start:b/witness session-absent planned',
    ]);
    expect(planned.notes.map(({ agent, why }) => `${agent} ${why}`)).toEqual(
      expect.arrayContaining(['c/witness parked', 'd/witness fresh']),
    );
    const real = await town.tick(at(20));
    expect(planOf(real)).toEqual(planOf(planned));
    expect(real.actions.map(({ result }) => result)).toEqual(['ok', 'ok', 'ok']);
    expect([planned.status, real.status]).toEqual([0, 0]);
    // And again, now that there is nothing left to do.
    expect(planOf(await dry(21))).toEqual(planOf(await town.tick(at(21))));
  });

  it('writes nothing where there is everything to do', async () => {
    town = await testTown(['a', 'b']);
    await beginAnew(town, base, ['gt-deacon', 'gt-a-witness', 'gt-b-witness']);
    await killAgent(town, 'gt-a-witness');
    town.tmux('kill-session', '-t', '=gt-b-witness:');
    const before = treeOf(town.root);
    const panes = town.livePanes();
    for (const args of [['--dry-run'], ['--dry-run', '--json'], ['--dry-run', '--only', 'deacon']])
      expect((await town.gt(['tick', ...args], at(20))).status).toBe(0);
    expect(treeOf(town.root)).toEqual(before);
    expect(town.livePanes()).toEqual(panes);
  });

  it('writes nothing in a town that has never ticked', async () => {
    town = await testTown(['a']);
    rmSync(join(town.root, 'deacon'), { recursive: true, force: true });
    const before = treeOf(town.root);
    const planned = await dry(0);
    expect(planned.actions.map(({ id }) => id)).toEqual(['start:deacon', 'start:a/witness']);
    expect(treeOf(town.root)).toEqual(before);
  });

  it('writes nothing while another tick holds the lock, and needs no lock', async () => {
    town = await testTown(['a']);
    const holder = town.start(['tick', '--force'], { ...at(0), GT_FAULT: 'pass.before-intent:1:hang' });
    try {
      await until('a tick to take the lock', () => existsSync(join(town.root, 'daemon/tick.lock')));
      await until(
        'its record to be tidied',
        () => !Object.keys(treeOf(town.root)).some((name) => name.includes('.next-')),
      );
      const before = treeOf(town.root);
      const planned = await dry(0);
      expect([planned.status, planned.actions.length]).toEqual([0, 2]);
      expect(treeOf(town.root)).toEqual(before);
    } finally {
      signal(holder.pid, 'SIGKILL');
      await holder.ended;
    }
  });

  it('leaves a damaged state where it is', async () => {
    town = await testTown(['a']);
    await beginAnew(town, base, ['gt-deacon', 'gt-a-witness']);
    const state = join(town.root, 'daemon/state.json');
    truncateSync(state, 50);
    const before = treeOf(town.root);
    const planned = await dry(20);
    expect(planned.warnings.map(({ code }) => code)).toEqual(['state-damaged', 'state-recovered']);
    expect(treeOf(town.root)).toEqual(before);
  });
});
