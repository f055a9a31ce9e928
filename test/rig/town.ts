import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Instant } from '../../src/model/instant.ts';
import { layout } from '../../src/town/layout.ts';
import { type Bd, bdCache, builtBd, withoutBd } from './bd.ts';
import { type BdShim, bdShim } from './bd-shim.ts';
import { type Ended, type Started, standInFile, startGt } from './built-gt.ts';
import { lives, until } from './until.ts';

type Env = Readonly<Record<string, string>>;

/** One action of a pass as `gt tick --json` reports it. */
export interface ReportedAction {
  readonly id: string;
  readonly kind: string;
  readonly agent: string;
  readonly why: string;
  readonly result: string;
  readonly error: string | null;
}

/** What `gt tick --json` prints, as far as tests look at it. */
export interface Report {
  readonly ran: boolean;
  readonly reason: string;
  readonly actions: readonly ReportedAction[];
  /** The notices among the actions, which `actions` leaves out. */
  readonly notices: readonly ReportedAction[];
  readonly notes: readonly { readonly agent: string; readonly rule: string; readonly why: string }[];
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
  readonly agents: Readonly<Record<string, number>>;
  readonly interval_seconds: number;
  readonly next_due_at: string;
  /** Programs other than `bd`. */
  readonly subprocesses: number;
  /** Calls of `bd`; none in a town whose mail is in files. */
  readonly bds: number;
}

/**
 * A town of its own for one test: real directories, a real tmux server with its own socket directory, stand-in agents,
 * the built `gt`. It is a test town, so fault points and a false clock work in it.
 */
export interface TestTown {
  readonly root: string;
  readonly dir: string;
  readonly env: Env;
  /** What stands before the `bd` of this town; null where its mail is in files. */
  readonly bd: BdShim | null;
  /** Runs `gt ARGS --town ROOT` to its end. */
  readonly gt: (args: readonly string[], more?: Env) => Promise<Ended>;
  readonly start: (args: readonly string[], more?: Env) => Started;
  /** Runs a forced pass and gives its report, whatever its exit status. */
  readonly tick: (
    more?: Env,
    args?: readonly string[],
  ) => Promise<Report & { readonly status: number | null }>;
  readonly tmux: (...args: string[]) => string;
  /** `session → pid` of every live pane that carries this town's mark. */
  readonly livePanes: () => ReadonlyMap<string, number>;
  readonly paneOf: (session: string) => {
    readonly pane: string;
    readonly pid: number;
    readonly dead: boolean;
  };
  readonly screen: (session: string) => string;
  /** Types a line into an agent as a person would, and waits until it was heard. */
  readonly tell: (session: string, line: string) => Promise<void>;
  readonly heard: (session: string) => readonly Readonly<Record<string, unknown>>[];
  readonly ready: (...sessions: string[]) => Promise<void>;
  readonly settings: (change: (settings: Record<string, unknown>) => void) => void;
  readonly read: (path: string) => unknown;
  readonly files: () => ReadonlyMap<string, string>;
  readonly close: () => Promise<void>;
}

/** Environment for a false clock that stands `ms` milliseconds of awake time after `from`. */
export function clockEnv(from: Instant, ms: number, more: Partial<Instant> = {}): Env {
  return {
    GT_CLOCK: JSON.stringify({
      ...from,
      wall: from.wall + ms,
      awake: from.awake + ms,
      uptime: from.uptime + ms,
      ...more,
    }),
  };
}

/** `GT_TEST_STORE=beads-0.47.1`: the towns of a test keep mail and work with that `bd` instead of in files. */
const testedStore = storeUnderTest();

/** Whether the towns of this run keep their mail in beads. */
export const inBeads = testedStore !== null;

function storeUnderTest(): Bd | null {
  const wanted = process.env.GT_TEST_STORE ?? '';
  if (wanted === '' || wanted === 'files') return null;
  const bd = builtBd(wanted.replace(/^beads-/, ''));
  if (bd === null) throw new Error(`${wanted} cannot be tested: ${withoutBd(wanted)}`);
  return bd;
}

/**
 * Makes a town with these rigs (empty ones). Nothing is running yet. `program`: a directory put first in PATH. With loose brakes
 * a test may kill the same agent as often as it likes.
 */
export async function testTown(
  rigs: readonly string[] = [],
  program = '',
  brakes: 'loose' | 'default' = 'loose',
): Promise<TestTown> {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'gt-town-')));
  const root = join(dir, 'town');
  const logs = join(dir, 'logs');
  mkdirSync(logs);
  const socket = 'gt-test';
  const bd = testedStore === null ? null : bdShim(join(dir, 'bd'), testedStore.dir);
  const env = {
    HOME: dir,
    PATH: [program, bd?.dir ?? '', '/usr/local/bin:/usr/bin:/bin'].filter(Boolean).join(':'),
    TMUX_TMPDIR: dir,
    SHELL: '/bin/sh',
    TERM: 'dumb',
    ...(testedStore === null && program === '' ? {} : bdCache),
  };
  const start = (args: readonly string[], more: Env = {}) =>
    startGt([...args, '--town', root], { ...env, ...more });
  const gt = (args: readonly string[], more: Env = {}) => start(args, more).ended;
  const tmux = (...args: string[]) =>
    execFileSync('tmux', ['-u', '-L', socket, ...args], {
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trimEnd();
  const settingsFile = layout(root).settingsFile;
  const settings = (change: (settings: Record<string, unknown>) => void) => {
    const parsed: Record<string, unknown> = JSON.parse(readFileSync(settingsFile, 'utf8'));
    change(parsed);
    writeFileSync(settingsFile, JSON.stringify(parsed));
  };
  const must = async (args: readonly string[]) => {
    const ended = await gt(args);
    if (ended.status !== 0)
      throw new Error(`gt ${args.join(' ')}: ${ended.status}\n${ended.stdout}${ended.stderr}`);
  };
  const installed = await startGt(
    ['install', root, '--socket', socket, ...(testedStore === null ? [] : ['--store', 'beads'])],
    env,
  ).ended;
  if (installed.status !== 0) throw new Error(`gt install: ${installed.stdout}${installed.stderr}`);
  writeFileSync(layout(root).testMarker, '');
  settings((all) => {
    all.default_agent = 'stand-in';
    all.agents = {
      'stand-in': {
        command: process.execPath,
        args: [standInFile, '--every', '3600000', '--log-dir', logs],
        process_names: ['stand-in'],
        prompt: 'argument',
        composer: ['❯'],
        busy: ['esc to interrupt'],
      },
    };
  });
  for (const rig of rigs) await must(['rig', 'add', rig]);
  if (brakes === 'loose') {
    settings((all) => {
      const tick = typeof all.tick === 'object' ? all.tick : {};
      const never = { deaths: 10_000, work_deaths: 10_000, by_hand: 10_000, requested: 10_000 };
      all.tick = { ...tick, brakes: { first: '1s', cap: '1s', ...never } };
    });
  }

  const panes = () =>
    tmux('list-panes', '-a', '-F', '#{session_name} #{pane_id} #{pane_pid} #{pane_dead} #{@gt_town}')
      .split('\n')
      .map((line) => line.split(' '));
  const paneOf = (session: string) => {
    const [, pane = '', pid = '', dead] = panes().find(([name]) => name === session) ?? [];
    return { pane, pid: Number(pid), dead: dead === '1' };
  };
  const screen = (session: string) => tmux('capture-pane', '-p', '-t', `=${session}:`);
  const heard = (session: string) => {
    try {
      const lines = readFileSync(join(logs, `${session}.log`), 'utf8')
        .trim()
        .split('\n');
      return lines.map((line): Readonly<Record<string, unknown>> => JSON.parse(line));
    } catch {
      return [];
    }
  };
  const tick: TestTown['tick'] = async (more = {}, args = []) => {
    const before = bd?.calls().length ?? 0;
    const ended = await gt(['tick', '--force', '--json', ...args], more);
    try {
      const report: Report = JSON.parse(ended.stdout);
      const { actions } = report;
      const bds = (bd?.calls().length ?? 0) - before;
      return {
        ...report,
        subprocesses: report.subprocesses - bds,
        bds,
        actions: actions.filter(({ kind }) => kind !== 'alert'),
        notices: actions.filter(({ kind }) => kind === 'alert'),
        status: ended.status,
      };
    } catch {
      throw new Error(
        `gt tick printed no report: status ${ended.status}, ${ended.signal}\n${ended.stdout}\n${ended.stderr}`,
      );
    }
  };
  return {
    root,
    dir,
    env,
    bd,
    gt,
    start,
    tick,
    tmux,
    paneOf,
    screen,
    heard,
    settings,
    livePanes: () =>
      new Map(
        panes()
          .filter(([, , , dead, town]) => dead === '0' && town === root)
          .map(([session = '', , pid]) => [session, Number(pid)]),
      ),
    tell: async (session, line) => {
      const before = heard(session).length;
      tmux('send-keys', '-t', `=${session}:`, '-l', '--', line);
      tmux('send-keys', '-t', `=${session}:`, 'Enter');
      await until(`${session} to hear ${line}`, () => heard(session).length > before);
    },
    ready: async (...sessions) => {
      for (const session of sessions)
        await until(`${session} to show its composer`, () => screen(session).includes('❯'));
    },
    read: (path) => JSON.parse(readFileSync(join(root, path), 'utf8')),
    files: () => filesBelow(root),
    close: async () => {
      // Also those that a fault of ours may have started elsewhere: the directory is this test's own.
      const servers = serversAt(dir);
      for (const server of servers) {
        process.kill(server, 'SIGCONT');
        process.kill(server, 'SIGTERM');
      }
      await until('the tmux server to end', () => !servers.some(lives));
      // What a command started and left behind may still be writing here.
      await until('the town to be gone', () => removed(dir), 60_000);
    },
  };
}

function removed(dir: string): boolean {
  try {
    rmSync(dir, { recursive: true, force: true });
    return true;
  } catch {
    return false;
  }
}

/** Every tmux server that listens at this path or below it, whether or not the socket's file is still there. */
export function serversAt(path: string): readonly number[] {
  const bound = readFileSync('/proc/net/unix', 'utf8')
    .split('\n')
    .map((line) => line.split(/ +/))
    .filter((fields) => fields[3] === '00010000' && `${fields[7]}/`.startsWith(`${path}/`))
    .map((fields) => `socket:[${fields[6]}]`);
  if (bound.length === 0) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && linksOf(`/proc/${name}/fd`).some((link) => bound.includes(link)))
    .map(Number);
}

function linksOf(dir: string): readonly string[] {
  try {
    return readdirSync(dir).map((name) => readlinkSync(join(dir, name)));
  } catch {
    return [];
  }
}

/** Every file below a directory with its content; directories with an empty one. */
function filesBelow(dir: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const entry of readdirSync(dir, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    found.set(path, entry.isFile() ? readFileSync(path, 'latin1') : '');
  }
  return found;
}
