import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRun, type Ran, type Run } from '../../src/run.ts';
import { openTmux, type TmuxClient } from '../../src/tmux/client.ts';
import { lives, until } from './until.ts';

/** A tmux server of this test's own: own socket directory, own name, no configuration of the person's. */
export interface PrivateTmux {
  readonly client: TmuxClient;
  readonly run: Run;
  readonly socket: string;
  readonly tmpdir: string;
  readonly env: Readonly<Record<string, string>>;
  /** Runs `tmux ARGS` against this server and gives its trimmed output; fails on an error. */
  readonly tmux: (...args: string[]) => Promise<string>;
  /** The server's pid; fails when none runs. */
  readonly pid: () => Promise<number>;
  readonly close: () => Promise<void>;
}

/** Nothing is started before the first `new-session`. */
export function privateTmux(
  options: { readonly timeoutMs?: number; readonly file?: string } = {},
): PrivateTmux {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'gt-tmux-')));
  const socket = `gt-test-${Math.random().toString(36).slice(2, 10)}`;
  const env = { HOME: dir, PATH: '/usr/local/bin:/usr/bin:/bin', SHELL: '/bin/sh', TERM: 'screen' };
  const run = createRun({ path: env.PATH.split(':') });
  const timeoutMs = options.timeoutMs ?? 10_000;
  const client = openTmux({ socket, tmpdir: dir, env, run, file: options.file ?? 'tmux', timeoutMs });
  const pids = new Set<number>();
  const plain = (args: readonly string[]): Promise<Ran> =>
    run({ file: 'tmux', args: ['-u', '-L', socket, ...args], env: { ...env, TMUX_TMPDIR: dir } });
  const tmux = async (...args: string[]) => {
    const ran = await plain(args);
    if (!ran.ok) throw new Error(`tmux ${args.join(' ')}: ${ran.stderr}`);
    return ran.stdout.trimEnd();
  };
  const pid = async () => {
    const answer = Number(await tmux('display-message', '-p', '#{pid}'));
    pids.add(answer);
    return answer;
  };
  return {
    client,
    run,
    socket,
    tmpdir: dir,
    env,
    tmux,
    pid,
    close: async () => {
      for (const each of pids) signal(each, 'SIGCONT');
      await pid().catch(() => 0);
      await plain(['kill-server']);
      // One whose socket was removed is out of reach of kill-server.
      for (const each of pids) if (isTmuxServer(each)) signal(each, 'SIGTERM');
      await until('the private tmux server to end', () => [...pids].every((each) => !isTmuxServer(each)));
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function isTmuxServer(pid: number): boolean {
  try {
    return lives(pid) && readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('tmux');
  } catch {
    return false;
  }
}

/** Signals a process we recorded; one that is gone is fine. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended by itself.
  }
}
