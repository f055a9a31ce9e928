import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inBeads, type TestTown, testTown } from '../rig/town.ts';
import { lives, until } from '../rig/until.ts';

const sessions = ['gt-deacon', 'gt-a-witness', 'gt-b-witness', 'gt-c-witness'];

/** One real town lives through all of this, in order: what one trouble leaves behind is the next one's beginning. */
describe('a town with a deacon and three witnesses', () => {
  let town: TestTown;
  beforeAll(async () => {
    town = await testTown(['a', 'b', 'c']);
  });
  afterAll(() => town.close());

  const kill = async (session: string) => {
    const { pid } = town.paneOf(session);
    process.kill(pid, 'SIGKILL');
    await until('tmux to notice', () => town.paneOf(session).dead);
  };
  const acted = async () =>
    (await town.tick()).actions.map((action) => `${action.id} ${action.why} ${action.result}`);

  it('is started by the first tick, every agent as its pane’s own process', async () => {
    const report = await town.tick();
    expect(report.actions.map((action) => action.result)).toEqual(['ok', 'ok', 'ok', 'ok']);
    expect([...town.livePanes().keys()].sort()).toEqual([...sessions].sort());
    expect(town.tmux('list-panes', '-a', '-F', '#{pane_current_command}').split('\n')).toEqual(
      sessions.map(() => 'stand-in'),
    );
    await town.ready(...sessions);
    for (const session of sessions) expect(town.heard(session)).toEqual([]);
  });

  it('is left alone while all is well, in one subprocess, and one more for each store in beads (F67)', async () => {
    const before = town.livePanes();
    const report = await town.tick();
    expect(report.actions).toEqual([]);
    expect(report.status).toBe(0);
    expect(report.subprocesses).toBe(1);
    expect(report.bds).toBeLessThanOrEqual(inBeads ? 1 : 0);
    expect(town.livePanes()).toEqual(before);
  });

  it('gets a killed agent back in its pane', async () => {
    const before = town.paneOf('gt-a-witness');
    await kill('gt-a-witness');
    expect(await acted()).toEqual(['recreate:a/witness pane-dead ok']);
    const after = town.paneOf('gt-a-witness');
    expect(after.pane).toBe(before.pane);
    expect(lives(after.pid)).toBe(true);
  });

  it('gets a killed session back', async () => {
    town.tmux('kill-session', '-t', '=gt-b-witness:');
    expect(await acted()).toEqual(['start:b/witness session-absent ok']);
    expect(town.livePanes().has('gt-b-witness')).toBe(true);
  });

  it('gets an agent back that left with status 3, and says so', async () => {
    await town.ready('gt-c-witness');
    await town.tell('gt-c-witness', 'exit 3');
    // tmux 3.3a may take a program's end for granted before it has reaped it; then it has no status yet.
    await until('tmux to know how the agent ended', () => {
      town.tmux('run-shell', 'true');
      return town.tmux('display-message', '-p', '-t', '=gt-c-witness:', '#{pane_dead_status}') === '3';
    });
    const status = await town.gt(['status']);
    expect(status.status).toBe(1);
    expect(status.stdout).toContain('c/witness');
    expect(await acted()).toEqual(['recreate:c/witness pane-dead ok']);
    expect(town.read('daemon/state.json')).toMatchObject({
      agents: { 'c/witness': { last_death: { status: 3 } } },
    });
  });

  it('is rebuilt when the whole tmux server was killed', async () => {
    const server = Number(town.tmux('display-message', '-p', '#{pid}'));
    process.kill(server, 'SIGKILL');
    await until('the server to end', () => !lives(server));
    expect(await acted()).toHaveLength(4);
    expect([...town.livePanes().keys()].sort()).toEqual([...sessions].sort());
  });

  it('keeps a person’s split pane and window out of the judgement (F48)', async () => {
    await town.ready('gt-a-witness');
    town.tmux('split-window', '-t', '=gt-a-witness:', '--', 'cat');
    town.tmux('new-window', '-t', '=gt-a-witness:', '--', 'cat');
    expect(await acted()).toEqual([]);
    const recorded = town.tmux('show-options', '-v', '-t', '=gt-a-witness:', '@gt_pane');
    const pid = Number(town.tmux('display-message', '-p', '-t', recorded, '#{pane_pid}'));
    process.kill(pid, 'SIGKILL');
    await until(
      'tmux to notice',
      () => town.tmux('display-message', '-p', '-t', recorded, '#{pane_dead}') === '1',
    );
    expect(await acted()).toEqual(['recreate:a/witness pane-dead ok']);
    expect(town.tmux('display-message', '-p', '-t', recorded, '#{pane_current_command}')).toBe('stand-in');
  });

  it('never takes a session whose name only begins like ours for ours (F47)', async () => {
    town.tmux('kill-session', '-t', '=gt-b-witness:');
    town.tmux('new-session', '-d', '-s', 'gt-b-witness-2', '--', 'cat');
    const pid = Number(town.tmux('display-message', '-p', '-t', '=gt-b-witness-2:', '#{pane_pid}'));
    expect(await acted()).toEqual(['start:b/witness session-absent ok']);
    expect(lives(pid)).toBe(true);
  });

  it('never touches a session of our name that somebody else made', async () => {
    town.tmux('kill-session', '-t', '=gt-b-witness:');
    town.tmux('new-session', '-d', '-s', 'gt-b-witness', '--', 'sh');
    const report = await town.tick();
    expect(report.actions).toEqual([]);
    expect(report.warnings.map((warning) => warning.code)).toEqual(['session-foreign']);
    expect((await town.tick()).actions).toEqual([]);
    town.tmux('kill-session', '-t', '=gt-b-witness:');
    expect(await acted()).toEqual(['start:b/witness session-absent ok']);
  });

  it('starts nothing under an ESTOP, and everything again without it', async () => {
    writeFileSync(join(town.root, 'ESTOP'), 'moving house\n');
    await kill('gt-c-witness');
    expect(await acted()).toEqual([]);
    const status = await town.gt(['status']);
    expect(status.stdout).toContain('moving house');
    rmSync(join(town.root, 'ESTOP'));
    expect(await acted()).toEqual(['recreate:c/witness pane-dead ok']);
  });

  it('leaves a parked rig’s agent dead until the rig is unparked', async () => {
    expect((await town.gt(['rig', 'park', 'c', '--reason', 'release'])).status).toBe(0);
    await kill('gt-c-witness');
    expect(await acted()).toEqual([]);
    expect((await town.gt(['rig', 'unpark', 'c'])).status).toBe(0);
    expect(await acted()).toEqual(['recreate:c/witness pane-dead ok']);
  });
});
