import { existsSync, mkdirSync, readFileSync, rmSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startGt } from '../rig/built-gt.ts';
import { killAgent, linesHeard, minutes } from '../rig/faulted.ts';
import { tmuxShim } from '../rig/shim.ts';
import { clockEnv, type Report, serversAt, type TestTown, testTown } from '../rig/town.ts';
import { lives, until } from '../rig/until.ts';

/** One town with work to do (a dead agent) and a tmux that cannot be asked: nothing must happen to it. */
describe('a town whose tmux cannot be asked', () => {
  const sessions = ['gt-deacon', 'gt-a-witness'];
  let town: TestTown;
  let socket: string;
  let server: number;
  let alive: ReadonlyMap<string, number>;

  beforeAll(async () => {
    town = await testTown(['a']);
    await town.tick();
    await town.ready(...sessions);
    socket = town.tmux('display-message', '-p', '#{socket_path}');
    server = Number(town.tmux('display-message', '-p', '#{pid}'));
  });
  afterAll(() => town.close());
  beforeEach(async () => {
    if (!town.paneOf('gt-a-witness').dead) await killAgent(town, 'gt-a-witness');
    alive = town.livePanes();
  });

  const codes = ({ warnings }: Report) => warnings.map(({ code }) => code);
  const words = ({ warnings }: Report) => warnings.map(({ message }) => message).join('\n');
  const obeyed = (report: Report & { status: number | null }) =>
    expect([report.status, report.actions]).toEqual([69, []]);
  const unharmed = () => {
    expect(town.livePanes()).toEqual(alive);
    expect(town.paneOf('gt-a-witness').dead).toBe(true);
    expect(serversAt(socket)).toEqual([server]);
  };
  const answering = (): number => {
    try {
      return Number(town.tmux('display-message', '-p', '#{pid}'));
    } catch {
      return 0;
    }
  };
  const tickSettings = (change: (tick: Record<string, unknown>) => void) =>
    town.settings((all) => {
      const tick = { ...(typeof all.tick === 'object' ? all.tick : {}) };
      change(tick);
      all.tick = tick;
    });

  it('because its socket was deleted: refused, the server and the socket named, no second server (F14)', async () => {
    unlinkSync(socket);
    const report = await town.tick();
    obeyed(report);
    expect(codes(report)).toEqual(['socket-vanished']);
    expect(words(report)).toContain(socket);
    expect(words(report)).toContain(`pid ${server}`);
    expect(existsSync(socket)).toBe(false);
    expect(serversAt(socket)).toEqual([server]);
    const status = await town.gt(['status']);
    expect(status.status).toBeGreaterThan(0);
    expect(status.stdout).toContain(`pid ${server}`);
    // The way out that it names is one.
    expect(words(report)).toContain(`kill -USR1 ${server}`);
    process.kill(server, 'SIGUSR1');
    await until('the server to answer again', () => answering() === server);
    unharmed();
    expect((await town.tick()).actions.map(({ id, result }) => `${id} ${result}`)).toEqual([
      'recreate:a/witness ok',
    ]);
  });

  it('because a second server took its socket over: refused, and both are named (F14)', async () => {
    unlinkSync(socket);
    town.tmux('new-session', '-d', '-s', 'mine', '--', 'cat');
    const second = Number(town.tmux('display-message', '-p', '#{pid}'));
    expect(second).not.toBe(server);
    const report = await town.tick();
    obeyed(report);
    expect(words(report)).toContain(`pid ${server}`);
    expect(words(report)).toContain(`pid ${second}`);
    expect(town.tmux('list-sessions', '-F', '#{session_name}')).toBe('mine');
    process.kill(second, 'SIGTERM');
    await until('the second server to end', () => !lives(second));
    process.kill(server, 'SIGUSR1');
    await until('the first server to answer again', () => answering() === server);
    unharmed();
  });

  it('is no trouble where only the caller’s TMUX_TMPDIR and TMUX differ: the town’s own hold (F15)', async () => {
    const other = join(town.dir, 'elsewhere');
    mkdirSync(other, { recursive: true });
    const report = await town.tick({ TMUX_TMPDIR: other, TMUX: '/tmp/tmux-0/default,1,0', TMUX_PANE: '%0' });
    expect([report.status, report.actions.map(({ id }) => id)]).toEqual([0, ['recreate:a/witness']]);
    expect(serversAt(join(other, `tmux-${process.getuid?.()}`, 'gt-test'))).toEqual([]);
  });

  it.each([
    ['tmux_tmpdir', (): string => join(town.dir, 'elsewhere')],
    ['socket', (): string => 'gt-other'],
  ] as const)(
    'because the settings now name another %s: refused, and both places are named (F15)',
    async (key, other) => {
      mkdirSync(join(town.dir, 'elsewhere'), { recursive: true });
      let before: unknown;
      tickSettings((tick) => {
        before = tick[key];
        tick[key] = other();
      });
      try {
        const report = await town.tick();
        obeyed(report);
        expect(codes(report)).toEqual(['socket-moved']);
        expect(words(report)).toContain(socket);
        expect(words(report)).toContain(other());
        expect((await town.gt(['status'])).stdout).toContain(socket);
      } finally {
        tickSettings((tick) => {
          tick[key] = before;
        });
      }
      unharmed();
    },
  );

  it('because it does not answer: 69 within the deadline, nobody is taken for dead, and afterwards all is well', async () => {
    tickSettings((tick) => {
      tick.child_timeout = '1s';
    });
    process.kill(server, 'SIGSTOP');
    let report: Report & { readonly status: number | null };
    try {
      report = await town.tick();
    } finally {
      process.kill(server, 'SIGCONT');
    }
    obeyed(report);
    expect(codes(report)).toEqual(['tmux-not-answering']);
    expect(report.agents).toMatchObject({ alive: 0, dead: 0, absent: 0, unknown: 2 });
    unharmed();
    const next = await town.tick();
    expect([next.status, next.actions.map(({ id }) => id)]).toEqual([0, ['recreate:a/witness']]);
    expect(town.livePanes().get('gt-deacon')).toBe(alive.get('gt-deacon'));
  });

  it.each([
    ['answers with garbage', 'head -c 3000 /dev/urandom'],
    ['answers nothing', 'exit 0'],
    ['fails with words nobody knows', 'echo "the flux is misaligned" >&2; exit 1'],
    ['fails without a word', 'exit 1'],
    ['is ended by a signal', 'kill -SEGV $$'],
    [
      'says that a server is missing, and also something else',
      'printf "no server running on /x\\nprotocol version mismatch\\n" >&2; exit 1',
    ],
  ])('because it %s: 69, one call, nothing done (F13)', async (_what, script) => {
    const shim = tmuxShim(join(town.dir, `shim-${Math.random()}`), script);
    const report = await town.tick({ PATH: `${shim.dir}:${town.env.PATH}` });
    obeyed(report);
    expect(codes(report)).toEqual(['tmux-not-answering']);
    expect(report.agents).toMatchObject({ alive: 0, dead: 0, absent: 0, unknown: 2 });
    expect(shim.calls()).toBe(1);
    unharmed();
  });

  it('because there is none on any path: 69, where it was looked for, nothing done', async () => {
    let before: unknown;
    tickSettings((tick) => {
      before = tick.path;
      tick.path = [join(town.dir, 'settings-path')];
    });
    mkdirSync(join(town.dir, 'settings-path'), { recursive: true });
    const nowhere = join(town.dir, 'nowhere');
    try {
      const report = await town.tick({ PATH: nowhere });
      obeyed(report);
      expect(codes(report)).toEqual(['tmux-missing']);
      expect(words(report)).toContain(nowhere);
      expect(words(report)).toContain('settings-path');
    } finally {
      tickSettings((tick) => {
        tick.path = before;
      });
    }
    unharmed();
    // Named in the settings it is found, whatever the caller's path.
    const found = await town.tick({ PATH: nowhere });
    expect([found.status, found.actions.map(({ id, error }) => `${id} ${error}`)]).toEqual([
      0,
      ['recreate:a/witness null'],
    ]);
  });
});

describe('under cron’s environment', () => {
  let town: TestTown;
  beforeAll(async () => {
    town = await testTown(['a']);
  });
  afterAll(() => town.close());

  it('a town is started, looked at, and woken, in a locale that knows no UTF-8', async () => {
    const cron = { HOME: town.dir, PATH: '/usr/bin:/bin' };
    const tick = async (more: Record<string, string> = {}) => {
      const ended = await startGt(['tick', '--force', '--json', '--town', town.root], { ...cron, ...more })
        .ended;
      expect([ended.status, ended.stderr]).toEqual([0, '']);
      const report: Report = JSON.parse(ended.stdout);
      return report;
    };
    const first = await tick();
    expect(first.actions.map(({ id, result }) => `${id} ${result}`)).toEqual([
      'start:deacon ok',
      'start:a/witness ok',
    ]);
    await town.ready('gt-deacon', 'gt-a-witness');
    // Agents are not left with cron's short path: what the settings name is on theirs.
    const environment = readFileSync(`/proc/${town.paneOf('gt-deacon').pid}/environ`, 'utf8').split('\0');
    const path = environment
      .find((entry) => entry.startsWith('PATH='))
      ?.slice('PATH='.length)
      .split(':');
    expect(path?.[0]).toBe(join(town.root, 'daemon/bin'));
    expect(path).toEqual(expect.arrayContaining(['/usr/local/bin', '/usr/bin', '/bin']));
    expect((await tick()).actions).toEqual([]);
    const now = { wall: Date.now(), awake: 36_000_000, uptime: 36_000_000, boot: 'boot-1' };
    rmSync(join(town.root, 'daemon/state.json'));
    rmSync(join(town.root, 'daemon/state.json.bak'), { force: true });
    await tick(clockEnv(now, 0));
    const woken = await tick({ ...clockEnv(now, minutes(20)), LC_ALL: 'C' });
    expect(woken.actions.map(({ id, result }) => `${id} ${result}`)).toEqual([
      'nudge:deacon ok',
      'nudge:a/witness ok',
    ]);
    expect(linesHeard(town, 'gt-deacon')).toHaveLength(1);
    const quiet = await startGt(['tick', '--force', '--town', town.root], {
      ...cron,
      ...clockEnv(now, minutes(21)),
    }).ended;
    expect(quiet).toEqual({ status: 0, signal: null, stdout: '', stderr: '' });
  });
});
