import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startGt } from '../rig/built-gt.ts';
import { lives, until } from '../rig/until.ts';

describe('gt demo', () => {
  let dir = '';
  beforeEach(() => {
    dir = realpathSync(mkdtempSync(join(tmpdir(), 'gt-demo-test-')));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const start = (...args: string[]) =>
    startGt(['demo', ...args], { HOME: dir, PATH: '/usr/local/bin:/usr/bin:/bin', TMPDIR: dir });
  const scenes = () => readdirSync(dir).filter((name) => name.startsWith('gt-demo-'));
  const tmux = (scene: string, ...args: string[]) =>
    execFileSync('tmux', ['-L', 'gt-demo', ...args], {
      env: { PATH: '/usr/local/bin:/usr/bin:/bin', TMUX_TMPDIR: join(dir, scene) },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  const agentsOf = (scene: string): readonly number[] => {
    try {
      const pids = tmux(scene, 'list-panes', '-a', '-F', '#{pane_pid}').trim().split('\n').map(Number);
      return pids;
    } catch {
      return [];
    }
  };

  it('breaks a town and repairs it, and leaves no file and no process behind', async () => {
    const { status, stdout, stderr } = await start().ended;
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).toMatch(/· +start +deacon/);
    expect(stdout).toMatch(/✓ start +shop\/witness/);
    expect(stdout).toContain('No heartbeat is due');
    expect(stdout).toMatch(/✓ recreate +deacon/);
    expect(stdout).toMatch(/✓ nudge +shop\/witness/);
    expect(stdout).toMatch(/– nudge +shop\/witness/);
    expect(stdout).toContain('All of that happened');
    expect(scenes()).toEqual([]);
    const pids = [...stdout.matchAll(/pid (\d+)/g)].map(([, pid]) => Number(pid));
    expect(pids).toHaveLength(3);
    await until('every agent to be gone', () => !pids.some(lives));
  });

  it('cleans up just as well when it is interrupted', async () => {
    const demo = start();
    const agents = await until(
      'the agents to run',
      () => {
        const [scene] = scenes();
        const found = scene === undefined ? [] : agentsOf(scene);
        return found.length === 3 ? found : null;
      },
      45_000,
    );
    process.kill(demo.pid, 'SIGINT');
    expect((await demo.ended).status).toBe(130);
    expect(scenes()).toEqual([]);
    await until('every agent to be gone', () => !agents.some(lives));
  });

  it('leaves the town for a look when asked to, and says how', async () => {
    const { status, stdout } = await start('--keep').ended;
    const [scene = ''] = scenes();
    const agents = agentsOf(scene);
    try {
      expect(status).toBe(0);
      expect(agents).toHaveLength(3);
      expect(stdout).toContain(`gt status --town ${join(dir, scene, 'town')}`);
    } finally {
      tmux(scene, 'kill-server');
    }
    await until('every agent to be gone', () => !agents.some(lives));
  });

  it('says what to install where tmux is missing', async () => {
    const { status, stderr } = await startGt(['demo'], { HOME: dir, PATH: dir, TMPDIR: dir }).ended;
    expect(status).toBe(69);
    expect(stderr).toContain('apt-get install tmux');
    expect(readdirSync(dir)).toEqual([]);
  });
});
