import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Home } from '../model/state.ts';
import type { Run } from '../run.ts';
import { readProcess } from './one-process.ts';

/** A start time read from the process table and one told by tmux may differ by this much, in seconds. */
const TOLERANCE = 5;

/**
 * Whether the tmux server that the town was last seen in still runs, even if nobody can reach it. A pid that some other
 * program has now does not count: the process must be a tmux that listens at the recorded socket, or, where the
 * system does not show that, one that started when the server did. `unknown` when neither can be told.
 */
export async function standingOfServer(
  home: Home,
  run: Run,
  env: Readonly<Record<string, string | undefined>>,
): Promise<'alive' | 'gone' | 'unknown'> {
  const found = await readProcess(home.serverPid, run, env);
  if (found === null) return 'gone';
  if (!/(^|\/)tmux/.test(found.argv[0] ?? '')) return 'gone';
  const listening = listensAt(home.serverPid, home.socket);
  if (listening !== null) return listening ? 'alive' : 'gone';
  if (found.started === null) return 'unknown';
  return Math.abs(found.started - home.serverStarted) <= TOLERANCE ? 'alive' : 'unknown';
}

/** The kernel remembers the path a socket was bound to, even after its file was removed. Null: it does not tell. */
function listensAt(pid: number, path: string): boolean | null {
  try {
    const sockets = readFileSync('/proc/net/unix', 'utf8')
      .split('\n')
      .flatMap((line) => {
        const match = /^\S+ \S+ \S+ (\S+) \S+ \S+ +(\d+) (.*)$/.exec(line);
        // The flag is the kernel's for a socket that accepts connections.
        return match !== null && match[3] === path && match[1] === '00010000' ? [`socket:[${match[2]}]`] : [];
      });
    if (sockets.length === 0) return false;
    return readdirSync(`/proc/${pid}/fd`).some((fd) => sockets.includes(linkOf(`/proc/${pid}/fd/${fd}`)));
  } catch {
    return null;
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
