import { readFileSync, rmSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { perform } from '../../src/act/perform.ts';
import { startAgents } from '../../src/act/start.ts';
import { known, unknown } from '../../src/model/fact.ts';
import type { Outcome } from '../../src/model/plan.ts';
import { listPanes } from '../../src/tmux/panes.ts';
import { until } from '../rig/until.ts';
import { type StandInTown, standInTown } from './town.ts';

vi.setConfig({ testTimeout: 60_000 });

let town: StandInTown;

const only = (outcomes: readonly Outcome[]) => {
  expect(outcomes).toHaveLength(1);
  const [outcome] = outcomes;
  if (outcome === undefined) throw new Error('no outcome');
  return outcome;
};

describe('starting agents', () => {
  it('runs the program as the pane’s own process, marked as this town’s, in its own directory', async () => {
    town = standInTown();
    const outcome = only(await startAgents([town.start('proj/crew/w1')], town.world));
    expect(outcome).toMatchObject({ result: 'ok', error: null });
    const row = await town.tmux.tmux(
      'display-message',
      '-p',
      '-t',
      '=gt-proj-crew-w1:',
      '#{pane_id} #{pane_pid} #{pid} #{start_time} #{@gt_town} #{@gt_agent} #{@gt_pane} #{pane_current_path} #{pane_current_command}',
    );
    expect(row).toBe(
      `${outcome.pane} ${outcome.panePid} ${outcome.serverPid} ${outcome.serverStarted} ${town.root} proj/crew/w1 ${outcome.pane} ${town.root}/proj/crew/w1 stand-in`,
    );
    expect(await town.tmux.tmux('show-options', '-pv', '-t', outcome.pane ?? '', 'remain-on-exit')).toBe(
      'on',
    );
    expect(await town.tmux.tmux('show-options', '-gwv', 'remain-on-exit')).toBe('off');
  });

  it('gives the agent its own identity and none of whoever runs the tick', async () => {
    town = standInTown();
    const leaked = {
      GT_ROLE: 'mayor',
      GT_CREW: 'thief',
      BD_ACTOR: 'mayor',
      GIT_AUTHOR_NAME: 'mayor',
      CLAUDECODE: '1',
      NODE_OPTIONS: '--no-warnings',
      TMUX: 'x',
      SECRET: 'y',
    };
    await town.tmux.tmux('new-session', '-d', '-s', 'other', '--', 'sleep', '1000');
    for (const [name, value] of Object.entries(leaked))
      await town.tmux.tmux('set-environment', '-g', name, value);
    const global = await town.tmux.tmux('show-environment', '-g');
    const world = { ...town.world, operatorEnv: { ...town.world.operatorEnv, ...leaked } };
    const { panePid } = only(await startAgents([town.start('proj/witness')], world));
    const environment = Object.fromEntries(
      readFileSync(`/proc/${panePid}/environ`, 'utf8')
        .split('\0')
        .filter((pair) => pair !== '')
        .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
    );
    expect(environment).toMatchObject({
      GT_ROLE: 'witness',
      GT_RIG: 'proj',
      BD_ACTOR: 'proj/witness',
      GIT_AUTHOR_NAME: 'proj/witness',
      GT_ROOT: town.root,
      GT_TOWN_ROOT: town.root,
      GT_SESSION: 'gt-proj-witness',
      GT_AGENT: 'stand-in',
    });
    for (const name of ['GT_CREW', 'CLAUDECODE', 'NODE_OPTIONS'])
      expect(environment).not.toHaveProperty(name);
    expect(environment.TMUX).toContain(town.tmux.socket);
    expect(await town.tmux.tmux('show-environment', '-g')).toBe(global);
  });

  it('makes the deacon’s directory when it is missing, and nobody else’s (F84)', async () => {
    town = standInTown();
    rmSync(`${town.root}/proj/crew/w0`, { recursive: true });
    const outcomes = await startAgents([town.start('deacon'), town.start('proj/crew/w0')], town.world);
    expect(outcomes.find(({ action }) => action === 'start:deacon')).toMatchObject({ result: 'ok' });
    expect(outcomes.find(({ action }) => action === 'start:proj/crew/w0')).toMatchObject({
      result: 'failed',
      error: `no directory to work in: ${town.root}/proj/crew/w0`,
    });
  });

  it('says with which status a program ended at once, and that a program was not found', async () => {
    town = standInTown({ runtime: { command: 'sh', args: ['-c', 'exit 3'] } });
    expect(only(await startAgents([town.start('proj/witness')], town.world))).toMatchObject({
      result: 'failed',
      reason: 'ended',
      error: 'its program ended at once with status 3',
    });
    town = standInTown({ runtime: { command: 'no-such-program-here', args: [] } });
    expect(only(await startAgents([town.start('proj/witness')], town.world))).toMatchObject({
      reason: 'program-missing',
      error: 'its program no-such-program-here is not on the search path',
    });
    expect(await listPanes(town.world.client)).toMatchObject({ value: { kind: 'absent' } });
  });

  it('leaves a session of that name alone that somebody else made, and starts the others', async () => {
    town = standInTown();
    await town.tmux.tmux('new-session', '-d', '-s', 'gt-proj-witness', '--', 'sleep', '1000');
    const before = await town.paneOf('proj/witness');
    const outcomes = await startAgents([town.start('proj/witness'), town.start('proj/crew/w0')], town.world);
    expect(outcomes).toMatchObject([
      { action: 'start:proj/witness', result: 'failed', reason: 'foreign' },
      { action: 'start:proj/crew/w0', result: 'ok', reason: null, error: null },
    ]);
    expect(await town.paneOf('proj/witness')).toEqual(before);
    expect(
      await town.tmux.tmux('display-message', '-p', '-t', '=gt-proj-witness:', '[#{@gt_town}#{@gt_agent}]'),
    ).toBe('[]');
  });

  it('counts an agent that is already there as started, and does not start it twice', async () => {
    town = standInTown();
    const first = only(await startAgents([town.start('proj/witness')], town.world));
    const second = only(await startAgents([town.start('proj/witness')], town.world));
    expect(second).toEqual(first);
  });

  it('is not done under a hold, nor when the holds cannot be read (F20)', async () => {
    town = standInTown();
    const hold = {
      target: 'proj',
      kind: 'parked',
      reason: 'rest',
      by: 'ann',
      since: null,
      until: null,
    } as const;
    const held = { ...town.world, holdsNow: () => known([hold]) };
    expect(only(await startAgents([town.start('proj/witness')], held))).toMatchObject({
      result: 'skipped',
      reason: 'held',
    });
    const blind = { ...town.world, holdsNow: () => unknown('holds.json is a directory') };
    expect(only(await startAgents([town.start('deacon')], blind))).toMatchObject({
      result: 'skipped',
      reason: 'holds-unknown',
    });
    const late = { ...town.world, deadline: () => 0 };
    expect(only(await startAgents([town.start('deacon')], late))).toMatchObject({
      result: 'skipped',
      reason: 'time',
    });
    expect(town.clients()).toBe(0);
  });

  it('needs no more tmux clients for fifty agents than for one', async () => {
    const runtime = { command: 'sleep', args: ['1000'], prompt: 'none', composer: [] } as const;
    town = standInTown({ crew: 50, runtime });
    await startAgents([town.start('proj/crew/w0')], town.world);
    const one = town.clients();
    const actions = Array.from({ length: 49 }, (_, index) => town.start(`proj/crew/w${index + 1}`));
    const outcomes = await startAgents(actions, town.world);
    expect(outcomes.filter(({ result }) => result === 'ok')).toHaveLength(49);
    expect(town.clients() - one).toBeLessThanOrEqual(5);
    expect(one).toBeLessThanOrEqual(5);
  });
});

describe('giving a pane a new agent', () => {
  const recreate = async (id: string, where: { pane: string; panePid: number }) =>
    ({ ...town.start(id), ...where, kind: 'recreate', id: `recreate:${id}` }) as const;

  it('happens in the dead pane itself, with the same command line and environment as the first start', async () => {
    town = standInTown();
    const first = only(await startAgents([town.start('proj/witness')], town.world));
    // A process may give itself another command line, as the stand-in does.
    const seen = async (pid: number | null) => [
      readFileSync(`/proc/${pid}/environ`, 'utf8'),
      await town.tmux.tmux('display-message', '-p', '-t', '=gt-proj-witness:', '#{pane_start_command}'),
    ];
    const before = await seen(first.panePid);
    expect(before[1]).toContain('--log-dir');
    await town.ready('proj/witness');
    await town.tmux.tmux('send-keys', '-t', '=gt-proj-witness:', 'exit 3', 'Enter');
    const dead = () => town.tmux.tmux('display-message', '-p', '-t', '=gt-proj-witness:', '#{pane_dead}');
    await until('the agent to end', async () => (await dead()) === '1');
    const where = { pane: first.pane ?? '', panePid: first.panePid ?? 0 };
    const outcome = only(await startAgents([await recreate('proj/witness', where)], town.world));
    expect(outcome).toMatchObject({ result: 'ok', pane: first.pane });
    expect(outcome.panePid).not.toBe(first.panePid);
    expect(await seen(outcome.panePid)).toEqual(before);
    expect(
      await town.tmux.tmux('display-message', '-p', '-t', '=gt-proj-witness:', '#{@gt_agent} #{@gt_pane}'),
    ).toBe(`proj/witness ${first.pane}`);
  });

  it('ends a bare shell, but never an agent that came back in the meantime', async () => {
    town = standInTown();
    const first = only(
      await startAgents([town.start('proj/witness'), town.start('proj/crew/w0')].slice(0, 1), town.world),
    );
    const where = { pane: first.pane ?? '', panePid: first.panePid ?? 0 };
    expect(only(await perform([await recreate('proj/witness', where)], town.world))).toMatchObject({
      result: 'skipped',
      reason: 'changed',
    });
    expect(await town.paneOf('proj/witness')).toEqual(where);

    await town.tmux.tmux('new-session', '-d', '-s', 'gt-proj-crew-w0', '-c', '/', '--', 'env', 'sh', '-i');
    await until(
      'the shell',
      async () =>
        (await town.tmux.tmux(
          'display-message',
          '-p',
          '-t',
          '=gt-proj-crew-w0:',
          '#{pane_current_command}',
        )) === 'sh',
    );
    const shell = await town.paneOf('proj/crew/w0');
    expect(
      only(await startAgents([await recreate('proj/crew/w0', { ...shell, panePid: 1 })], town.world)),
    ).toMatchObject({ result: 'skipped' });
    expect(only(await startAgents([await recreate('proj/crew/w0', shell)], town.world))).toMatchObject({
      result: 'ok',
      pane: shell.pane,
    });
  });
});
