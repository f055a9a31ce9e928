import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { exitStatus, Failure } from '../exit.ts';
import { findProgram, type Ran, type Run } from '../run.ts';

/** A throw-away town, and a tmux server that nothing else uses. */
export interface Scene {
  /** Holds everything; removed at the end. */
  readonly dir: string;
  readonly town: string;
  /** Runs this same `gt` in the town as a program of its own. */
  readonly gt: (args: readonly string[], env?: Readonly<Record<string, string>>) => Promise<Ran>;
  readonly tmux: (args: readonly string[]) => Promise<Ran>;
  /** Ends the tmux server with its agents and removes the directory. Safe to call at any point. */
  readonly strike: () => Promise<void>;
}

/** What the demo takes from the process it runs in. */
export interface Stage {
  readonly run: Run;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly searchPath: readonly string[];
  /** The programs of this build. */
  readonly gtFile: string;
}

export const demoSocket = 'gt-demo';

/** Makes the directory; nothing is started yet. Throws a {@link Failure} `tmux-missing` (69). */
export function setScene({ run, env, searchPath, gtFile }: Stage): Scene {
  if (findProgram('tmux', searchPath) === null) {
    throw new Failure(
      'tmux-missing',
      exitStatus.unavailable,
      'The demo needs tmux, which is not installed.',
      'apt-get install tmux',
    );
  }
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'gt-demo-')));
  const town = join(dir, 'town');
  mkdirSync(town);
  const own = {
    HOME: dir,
    PATH: searchPath.join(':'),
    TMUX_TMPDIR: dir,
    LANG: 'C.UTF-8',
    TZ: env.TZ,
    TERM: 'screen',
    SHELL: '/bin/sh',
  };
  const tmux = (args: readonly string[]) =>
    run({ file: 'tmux', args: ['-u', '-L', demoSocket, ...args], cwd: dir, env: own });
  return {
    dir,
    town,
    gt: (args, more) =>
      run({
        file: process.execPath,
        args: [gtFile, ...args],
        cwd: town,
        env: { ...own, ...more },
        timeoutMs: 60_000,
      }),
    tmux,
    strike: async () => {
      const pids = await endServer(tmux);
      for (let tries = 0; tries < 100 && pids.some(isThere); tries += 1) await pause(50);
      rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Gives the processes that end with it. A second look, because a tick that was cut off may still have started it. */
async function endServer(tmux: Scene['tmux']): Promise<readonly number[]> {
  for (const wait of [0, 300]) {
    await pause(wait);
    const listed = await tmux(['list-panes', '-a', '-F', '#{pid} #{pane_pid}']);
    if (!listed.ok) continue;
    await tmux(['kill-server']);
    return listed.stdout
      .split(/\s+/)
      .map(Number)
      .filter((pid) => pid > 0);
  }
  return [];
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
