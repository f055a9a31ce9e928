import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gtFile } from '../rig/built-gt.ts';
import { type TestTown, testTown } from '../rig/town.ts';
import { until } from '../rig/until.ts';

/** The vectors of spec/agents.md Appendix B that are about starting and stopping, on the built `gt` and a real tmux. */
let town: TestTown;

beforeEach(async () => {
  town = await testTown(['proj']);
});
afterEach(async () => {
  await town.close();
});

const lines = (text: string): readonly string[] => text.trimEnd().split('\n');
const option = (session: string, name: string): string =>
  town.tmux('show-options', '-v', '-t', `=${session}:`, name);
const variable = (session: string, name: string): string =>
  town.tmux('show-environment', '-t', `=${session}:`, name);
const sessions = (): readonly string[] => {
  try {
    return lines(town.tmux('list-sessions', '-F', '#{session_name}')).filter((name) => name !== '');
  } catch {
    return [];
  }
};
const holds = (): readonly { readonly target: string; readonly kind: string }[] => {
  const file = join(town.root, 'daemon/holds.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).holds : [];
};

describe('gt witness', () => {
  it('starts one that is not there, in its directory, as itself, in its rig’s colours', async () => {
    const ended = await town.gt(['witness', 'start', 'proj']);
    expect(ended).toMatchObject({ status: 0, stderr: '' });
    expect(lines(ended.stdout)).toEqual([
      'Starting witness for proj...',
      '✓ Witness started for proj',
      "  Use 'gt witness attach' to connect",
      "  Use 'gt witness status' to check progress",
    ]);
    expect(town.tmux('display-message', '-p', '-t', '=gt-proj-witness:', '#{pane_current_path}')).toBe(
      join(town.root, 'proj/witness'),
    );
    expect(variable('gt-proj-witness', 'GT_ROLE')).toBe('GT_ROLE=witness');
    expect(variable('gt-proj-witness', 'GT_RIG')).toBe('GT_RIG=proj');
    expect(variable('gt-proj-witness', 'BD_ACTOR')).toBe('BD_ACTOR=proj/witness');
    expect(option('gt-proj-witness', 'status-style')).toBe('bg=#4a5568,fg=#e0e0e0');
    expect(town.tmux('show-options', '-g', '-v', 'status-style')).toBe('bg=green,fg=black');
  });

  it('leaves one that runs alone', async () => {
    await town.gt(['witness', 'start', 'proj']);
    await town.ready('gt-proj-witness');
    const { pid } = town.paneOf('gt-proj-witness');
    const again = await town.gt(['witness', 'start', 'proj/witness']);
    expect(again.status).toBe(0);
    expect(lines(again.stdout)).toContain('⚠ Witness session already running');
    expect(town.paneOf('gt-proj-witness').pid).toBe(pid);
    expect(sessions()).toEqual(['gt-proj-witness']);
    expect(town.heard('gt-proj-witness')).toEqual([]);
  });

  it('replaces a zombie in its pane by the very command of the first start', async () => {
    await town.gt(['witness', 'start', 'proj']);
    await town.ready('gt-proj-witness');
    const first = town.paneOf('gt-proj-witness');
    const command = (pid: number) => readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    const before = command(first.pid);
    process.kill(first.pid, 'SIGKILL');
    await until('tmux to see it end', () => town.paneOf('gt-proj-witness').dead);
    const ended = await town.gt(['witness', 'start', 'proj']);
    expect(lines(ended.stdout)).toEqual([
      'Starting witness for proj...',
      '⚠ Detected zombie session (tmux alive, Claude dead). Recreating...',
      '✓ Witness started for proj',
      "  Use 'gt witness attach' to connect",
      "  Use 'gt witness status' to check progress",
    ]);
    const second = town.paneOf('gt-proj-witness');
    expect(second).toMatchObject({ pane: first.pane, dead: false });
    await town.ready('gt-proj-witness');
    expect(command(second.pid)).toBe(before);
    const restarted = await town.gt(['witness', 'restart', 'proj']);
    expect(lines(restarted.stdout)).toEqual([
      'Restarting witness for proj...',
      '✓ Witness restarted for proj',
      "  Use 'gt witness attach' to connect",
    ]);
    const third = town.paneOf('gt-proj-witness');
    expect(third.pane).toBe(first.pane);
    await town.ready('gt-proj-witness');
    expect(command(third.pid)).toBe(before);
    process.kill(third.pid, 'SIGKILL');
    await until('tmux to see it end', () => town.paneOf('gt-proj-witness').dead);
    await town.tick({}, ['--only', 'proj/witness']);
    await town.ready('gt-proj-witness');
    expect(command(town.paneOf('gt-proj-witness').pid)).toBe(before);
  });

  it('stops it, says so once, and no heartbeat brings it back until it is started', async () => {
    await town.gt(['witness', 'start', 'proj']);
    const startedAt = async (): Promise<unknown> =>
      JSON.parse((await town.gt(['witness', 'status', 'proj', '--json'])).stdout).started_at;
    const since = await startedAt();
    expect(since).toMatch(/^\d{4}-\d\d-\d\dT/);
    const first = await town.gt(['witness', 'stop', 'proj']);
    expect(first).toMatchObject({ status: 0, stdout: '✓ Witness stopped for proj\n' });
    const second = await town.gt(['witness', 'stop', 'proj']);
    expect(second).toMatchObject({ status: 0, stdout: '⚠ Witness is not running\n' });
    expect(await startedAt()).toBe(since);
    const status = await town.gt(['witness', 'status', 'proj']);
    expect(status.stdout).toMatch(/State: ○ stopped\n {2}Started: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\n/);
    const report = await town.tick();
    expect(report.actions.map(({ id }) => id)).toEqual(['start:deacon']);
    expect(sessions()).toEqual(['gt-deacon']);
    await town.gt(['witness', 'start', 'proj']);
    expect(holds()).toEqual([]);
    expect(sessions()).toContain('gt-proj-witness');
    const after = await town.tick();
    expect(after.notes).toContainEqual(expect.objectContaining({ agent: 'proj/witness', why: 'newborn' }));
  });

  it('says how to name the rig, where it is run in none: 1', async () => {
    for (const verb of ['attach', 'start', 'restart', 'stop', 'status'])
      expect(await town.gt(['witness', verb])).toMatchObject({
        status: 1,
        stderr: expect.stringMatching(
          new RegExp(`could not determine rig.*\n +next: gt witness ${verb} RIG`),
        ),
      });
  });

  it('knows no rig that does not exist', async () => {
    const ended = await town.gt(['witness', 'status', 'nope']);
    expect(ended.status).toBe(1);
    expect(ended.stderr).toContain("Error: rig 'nope' not found");
  });

  it('tells a session from a living agent', async () => {
    const stopped = JSON.parse((await town.gt(['witness', 'status', 'proj', '--json'])).stdout);
    expect(stopped).toMatchObject({ rig_name: 'proj', state: 'stopped', agent_alive: false });
    expect(stopped.config).toEqual({ max_workers: 0, spawn_delay_ms: 0, auto_spawn: false });
    await town.gt(['witness', 'start', 'proj']);
    process.kill(town.paneOf('gt-proj-witness').pid, 'SIGKILL');
    await until('tmux to see it end', () => town.paneOf('gt-proj-witness').dead);
    const zombie = JSON.parse((await town.gt(['witness', 'status', 'proj', '--json'])).stdout);
    expect(zombie).toMatchObject({ state: 'running', agent_alive: false, session: 'gt-proj-witness' });
    expect((await town.gt(['witness', 'status', 'proj'])).stdout).toContain('● running');
  });

  it('neither touches nor trusts a session of its name that somebody else made', async () => {
    town.tmux('new-session', '-d', '-s', 'gt-proj-witness', '-x', '80', '-y', '24', 'sleep', '1000');
    for (const verb of ['start', 'stop', 'restart']) {
      const ended = await town.gt(['witness', verb, 'proj']);
      expect(ended.status, verb).toBe(1);
      expect(ended.stderr, verb).toContain('this town did not start');
    }
    expect(town.paneOf('gt-proj-witness').dead).toBe(false);
    expect(holds()).toEqual([]);
  });
});

describe('a start', () => {
  it('names the program that is missing, at once, and opens nothing', async () => {
    town.settings((all) => {
      all.agents = { gone: { command: 'no-such-runtime', args: [] } };
      all.default_agent = 'gone';
    });
    for (const command of ['start', 'restart']) {
      const ended = await town.gt(['witness', command, 'proj']);
      expect(ended.status).toBe(69);
      expect(ended.stderr).toContain('no-such-runtime');
    }
    expect(sessions()).toEqual([]);
  });

  it('does not end a living agent whose successor could not start', async () => {
    await town.gt(['witness', 'start', 'proj']);
    const { pid } = town.paneOf('gt-proj-witness');
    town.settings((all) => {
      all.agents = { gone: { command: 'no-such-runtime', args: [] } };
      all.default_agent = 'gone';
    });
    expect((await town.gt(['witness', 'restart', 'proj'])).status).toBe(69);
    expect(town.paneOf('gt-proj-witness')).toMatchObject({ pid, dead: false });
  });

  it('is refused by name under ESTOP, and in a parked rig', async () => {
    writeFileSync(join(town.root, 'ESTOP'), 'smoke in the cellar\n');
    const stopped = await town.gt(['deacon', 'start']);
    expect(stopped.status).toBe(1);
    expect(stopped.stderr).toMatch(/ESTOP.*smoke in the cellar/);
    await town.gt(['rig', 'park', 'proj', '--reason', 'review']);
    const { rmSync } = await import('node:fs');
    rmSync(join(town.root, 'ESTOP'));
    const parked = await town.gt(['refinery', 'start', 'proj']);
    expect(parked.stderr).toMatch(/parked.*review/);
    expect(parked.stderr).toContain('gt rig unpark proj');
    expect(sessions()).toEqual([]);
  });

  it('works from cron: no TMUX, no TERM, a bare path, no server (F12)', async () => {
    const bare = { PATH: '/usr/bin:/bin', TERM: '', SHELL: '' };
    const ended = await town.gt(['mayor', 'start'], bare);
    expect(ended).toMatchObject({ status: 0, stderr: '' });
    expect(lines(ended.stdout)).toEqual([
      'Starting Mayor session...',
      '✓ Mayor session started. Attach with: gt mayor attach',
    ]);
    const again = await town.gt(['mayor', 'start'], bare);
    expect(again.status).toBe(0);
    expect(again.stdout).toContain('Mayor session already running. Attach with: gt mayor attach');
  });

  it('writes hooks once, and gives agents the gt that started them', async () => {
    town.settings((all) => {
      for (const agent of Object.values(Object(all.agents)))
        Object.assign(Object(agent), { hooks: 'claude' });
    });
    await town.gt(['witness', 'start', 'proj']);
    const file = join(town.root, 'proj/witness/.claude/settings.json');
    const written = JSON.parse(readFileSync(file, 'utf8'));
    expect(Object.keys(written.hooks)).toEqual(['SessionStart', 'PreCompact', 'UserPromptSubmit', 'Stop']);
    writeFileSync(file, '{"mine":true}');
    await town.gt(['witness', 'restart', 'proj']);
    expect(readFileSync(file, 'utf8')).toBe('{"mine":true}');
    const path = variable('gt-proj-witness', 'PATH').slice('PATH='.length).split(':')[0];
    expect(path).toBe(join(town.root, 'daemon/bin'));
    const { execFileSync } = await import('node:child_process');
    const said = execFileSync(`${path}/gt`, ['version'], {
      env: { PATH: '/usr/bin:/bin' },
      encoding: 'utf8',
    });
    expect(said).toContain('gt');
  });
});

describe('a command that is killed', () => {
  it('between the end of an agent and the start of its successor leaves the rest to the very next tick', async () => {
    await town.tick();
    const { pid } = town.paneOf('gt-proj-witness');
    expect((await town.gt(['due'])).status).toBe(1);
    const killed = await town.gt(['witness', 'restart', 'proj'], { GT_FAULT: 'act.before:1:kill' });
    expect(killed.signal).toBe('SIGKILL');
    await until('tmux to see it end', () => town.paneOf('gt-proj-witness').dead);
    expect((await town.gt(['due'])).status).toBe(0);
    const next = await town.gt(['tick', '--json']);
    expect(JSON.parse(next.stdout)).toMatchObject({
      actions: [{ id: 'recreate:proj/witness', result: 'ok' }],
    });
    await until('the witness to be back', () => !town.paneOf('gt-proj-witness').dead);
    expect(town.paneOf('gt-proj-witness').pid).not.toBe(pid);
  });
});

describe('gt mayor restart', () => {
  it('says what it does in upstream’s words, and ends nobody who is not there', async () => {
    const starts = ['Starting Mayor session...', '✓ Mayor session started. Attach with: gt mayor attach'];
    expect(lines((await town.gt(['mayor', 'restart'])).stdout)).toEqual(starts);
    const again = await town.gt(['mayor', 'restart']);
    expect(lines(again.stdout)).toEqual(['Stopping Mayor session...', ...starts]);
  });
});

describe('gt deacon status', () => {
  it('never takes "could not find out" for "stopped"', async () => {
    const dir = join(town.dir, 'no-tmux');
    mkdirSync(dir);
    town.settings((all) => {
      Object(all.tick).path = [dir];
    });
    const bare = { PATH: dir };
    const ended = await town.gt(['deacon', 'status'], bare);
    expect(ended).toMatchObject({ status: 69 });
    expect(ended.stdout).toContain('? Deacon session: cannot be told');
    const witness = JSON.parse((await town.gt(['witness', 'status', 'proj', '--json'], bare)).stdout);
    expect(witness).toMatchObject({ state: 'unknown', session_exists: null, agent_alive: null });
    for (const args of [['deacon', 'start'], ['witness', 'stop', 'proj'], ['up']]) {
      const refused = await town.gt(args, bare);
      expect(refused.status, args.join(' ')).toBe(69);
    }
  });

  it('takes no other session for the deacon’s', async () => {
    town.tmux('new-session', '-d', '-s', 'gt-deacon-boot', '-x', '80', '-y', '24', 'sleep', '1000');
    const ended = await town.gt(['deacon', 'status']);
    expect(ended.status).toBe(0);
    expect(lines(ended.stdout)[0]).toBe('○ Deacon session is not running');
  });
});

describe('gt down and gt up', () => {
  it('ends everybody, keeps everybody down through heartbeats, and brings the town up again (F20)', async () => {
    mkdirSync(join(town.root, 'proj/crew/max'), { recursive: true });
    await town.tick();
    await town.gt(['crew', 'start', 'proj/max']);
    await town.gt(['refinery', 'start', 'proj']);
    expect(sessions().toSorted()).toEqual([
      'gt-deacon',
      'gt-proj-crew-max',
      'gt-proj-refinery',
      'gt-proj-witness',
    ]);
    const down = await town.gt(['down']);
    expect(down).toMatchObject({ status: 0, stderr: '' });
    expect(lines(down.stdout)).toEqual(
      expect.arrayContaining(['✓ Deacon: stopped', '✓ Mayor: stopped', '✓ All services stopped']),
    );
    expect(sessions()).toEqual([]);
    const report = await town.tick();
    expect(report.actions).toEqual([]);
    expect(sessions()).toEqual([]);
    const refused = await town.gt(['mayor', 'start']);
    expect(refused.stderr).toContain('gt up');
    const up = await town.gt(['up']);
    expect(up).toMatchObject({ status: 0, stderr: '' });
    expect(lines(up.stdout)).toEqual([
      '✓ Deacon: gt-deacon',
      '✓ Mayor: gt-mayor',
      '✓ Witness (proj): gt-proj-witness',
      '',
      '✓ All services running',
    ]);
    expect(holds()).toEqual([]);
  });

  it('leaves a session that is not the town’s alone, and calls that no failure (F17, F18)', async () => {
    await town.gt(['deacon', 'start']);
    town.tmux('new-session', '-d', '-s', 'gt-mayor', 'sleep', '600');
    const down = await town.gt(['down']);
    expect(down.status).toBe(0);
    expect(down.stdout).toContain('○ Mayor: a session gt-mayor exists that this town did not start');
    expect(down.stdout).not.toContain('✗');
    expect(sessions()).toEqual(['gt-mayor']);
  });

  it('starts more agents than one pass may, in several batches, and leaves those alone that were stopped by name', async () => {
    for (const rig of ['a', 'b', 'c', 'd']) await town.gt(['rig', 'add', rig]);
    await town.gt(['witness', 'stop', 'b']);
    const up = JSON.parse((await town.gt(['up', '--json'])).stdout);
    expect(up.ok).toBe(true);
    expect(up.agents.filter((one: { result: string }) => one.result === 'started')).toHaveLength(6);
    expect(up.agents).toContainEqual(
      expect.objectContaining({ agent: 'b/witness', result: 'refused', code: 'down' }),
    );
    expect(sessions()).toHaveLength(6);
    const again = JSON.parse((await town.gt(['up', '--json'])).stdout);
    expect(again.agents.filter((one: { result: string }) => one.result === 'running')).toHaveLength(6);
  });

  it('waits for a tick that is starting agents, and what that has started goes too (F20)', async () => {
    const tick = town.start(['tick', '--force', '--json']);
    await until('the tick to be at work', () => existsSync(join(town.root, 'daemon/tick.lock')));
    const down = await town.gt(['down']);
    await tick.ended;
    expect(down.status).toBe(0);
    expect(sessions()).toEqual([]);
    await town.tick();
    expect(sessions()).toEqual([]);
  });

  it('is run by an agent in its own pane: it reports, then that agent ends as well (F83)', async () => {
    const file = join(town.dir, 'agent.sh');
    writeFileSync(
      file,
      `#!/bin/sh\nwhile :; do [ -e ${town.dir}/go ] && { gt down > ${town.dir}/report 2>&1; }; sleep 0.2; done\n`,
    );
    chmodSync(file, 0o755);
    town.settings((all) => {
      const agents = Object(all.agents);
      agents.loop = { command: file, args: ['x'], process_names: ['sh', 'agent.sh'] };
      all.role_agents = { mayor: 'loop' };
    });
    await town.tick();
    await town.gt(['mayor', 'start']);
    writeFileSync(join(town.dir, 'go'), '');
    await until('everybody to be gone', () => sessions().length === 0);
    await until('the lock to be free', () => !existsSync(join(town.root, 'daemon/tick.lock')));
    expect(readFileSync(join(town.dir, 'report'), 'utf8')).toContain('✓ All services stopped');
  });
});

describe('gt crew', () => {
  it('makes, lists, starts, stops and puts aside a workspace, and deletes nothing', async () => {
    expect(JSON.parse((await town.gt(['crew', 'list', '--json'])).stdout)).toEqual([]);
    expect((await town.gt(['crew', 'add', 'max', '--rig', 'proj'])).status).toBe(0);
    writeFileSync(join(town.root, 'proj/crew/max/work.txt'), 'unsaved');
    const started = await town.gt(['crew', 'start', 'proj', 'max']);
    expect(started.stdout).toContain('✓ Session started. Attach with: gt crew at proj/max');
    const listed = JSON.parse((await town.gt(['crew', 'list', '--rig', 'proj', '--json'])).stdout);
    expect(listed).toMatchObject([
      { name: 'max', rig: 'proj', has_session: true, agent_alive: true, session: 'gt-proj-crew-max' },
    ]);
    const early = await town.gt(['crew', 'remove', 'max', '--rig', 'proj']);
    expect(early.status).toBe(1);
    expect(early.stderr).toContain('gt crew stop proj/max');
    expect((await town.gt(['crew', 'stop', 'gt-proj-crew-max'])).stdout).toContain('✓ Session stopped.');
    const removed = await town.gt(['crew', 'remove', 'proj/crew/max', '--json']);
    const [{ kept }] = JSON.parse(removed.stdout).removed;
    expect(readFileSync(join(kept, 'work.txt'), 'utf8')).toBe('unsaved');
    expect(JSON.parse((await town.gt(['crew', 'list', '--json'])).stdout)).toEqual([]);
    expect(holds()).toEqual([]);
  });

  it('puts a worker aside with --force that still runs, and ends it first', async () => {
    await town.gt(['crew', 'add', 'max', '--rig', 'proj']);
    await town.gt(['crew', 'start', 'proj/max']);
    expect(sessions()).toContain('gt-proj-crew-max');
    const removed = await town.gt(['crew', 'remove', 'max', '--rig', 'proj', '--force', '--json']);
    expect(removed).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(removed.stdout).removed).toMatchObject([{ agent: 'proj/crew/max' }]);
    expect(sessions()).not.toContain('gt-proj-crew-max');
    expect(holds()).toEqual([]);
  });
});

describe('gt session', () => {
  it('starts, restarts and stops a polecat in any spelling', async () => {
    mkdirSync(join(town.root, 'proj/polecats/nux'), { recursive: true });
    const started = await town.gt(['session', 'start', 'proj/nux']);
    expect(started.stdout).toContain('✓ Session started. Attach with: gt session at proj/nux');
    const { pid } = town.paneOf('gt-proj-nux');
    expect((await town.gt(['session', 'restart', 'proj/polecats/nux'])).status).toBe(0);
    expect(town.paneOf('gt-proj-nux').pid).not.toBe(pid);
    expect((await town.gt(['session', 'stop', 'gt-proj-nux'])).stdout).toContain('✓ Session stopped.');
    expect(sessions()).toEqual([]);
  });

  it('gives the terminal to the agent until it is detached; from inside the town’s own tmux the client changes over', async () => {
    const { spawn } = await import('node:child_process');
    const clients = (session: string) =>
      sessions().includes(session)
        ? Number(town.tmux('display-message', '-p', '-t', `=${session}:`, '#{session_attached}'))
        : 0;
    const line = `'${process.execPath}' '${gtFile}' witness attach proj --town '${town.root}'`;
    const child = spawn('script', ['-qec', line, '/dev/null'], {
      env: { ...town.env, TERM: 'screen' },
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    const ended = new Promise((resolve) => child.on('close', resolve));
    await until('somebody to be attached', () => clients('gt-proj-witness') === 1);
    await town.gt(['mayor', 'start']);
    town.tmux(
      'new-window',
      '-t',
      '=gt-proj-witness:',
      `${line.replace('witness attach proj', 'mayor at')}; sleep 60`,
    );
    await until('the client to be at the mayor', () => clients('gt-mayor') === 1);
    town.tmux('detach-client', '-s', '=gt-mayor');
    expect(await ended).toBe(0);
  });

  it('is only attached to from a terminal; elsewhere the next command is one that works', async () => {
    const ended = await town.gt(['session', 'at', 'deacon']);
    expect(ended.status).toBe(1);
    expect(ended.stderr).toContain('next: gt session start deacon');
    expect(sessions()).toEqual([]);
    await town.gt(['session', 'start', 'deacon']);
    const there = await town.gt(['session', 'at', 'deacon']);
    expect(there.status).toBe(1);
    expect(there.stderr).toContain("tmux -L gt-test attach-session -t '=gt-deacon'");
    town.tmux('new-session', '-d', '-s', 'gt-mayor', 'sleep', '1000');
    expect((await town.gt(['mayor', 'at'])).stderr).toContain('next: gt why mayor');
  });
});
