import { existsSync } from 'node:fs';
import { exitStatus } from '../exit.ts';
import type { Config } from '../model/config.ts';
import type { Tmux } from '../model/pane.ts';
import type { Obstacle } from '../model/snapshot.ts';
import type { Home } from '../model/state.ts';
import type { Run } from '../run.ts';

export interface HomeQuestion {
  /** Where the town was last seen; null: never. */
  readonly home: Home | null;
  /** What answers where the town is looked for now. */
  readonly answer: Tmux;
  readonly config: Config;
  readonly run: Run;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Whether we look for the town where it lives. A server whose socket was deleted, or one under another directory,
 * cannot be reached but holds all agents: starting a second server would double the town (F14, F15).
 */
export async function findHomeObstacle(question: HomeQuestion): Promise<Obstacle | null> {
  const { home, answer, config, run, env } = question;
  const { tmpdir } = config.tmux;
  if (tmpdir !== null && !existsSync(tmpdir)) return missingDirectory(tmpdir, answer.socket);
  if (home === null) return null;
  if (answer.kind === 'running' && answer.pid === home.serverPid) return null;
  const { standingOfServer } = await import('./server.ts');
  const standing = await standingOfServer(home, run, env);
  if (standing === 'gone') return null;
  return home.socket === answer.socket ? vanished(home, answer, standing) : moved(home, answer, standing);
}

function vanished(home: Home, answer: Tmux, standing: 'alive' | 'unknown'): Obstacle {
  const other =
    answer.kind === 'running'
      ? ` Another server (pid ${answer.pid}) has taken ${answer.socket} over; if nothing in it is needed, end it first: tmux -S ${answer.socket} kill-server.`
      : '';
  return {
    code: 'socket-vanished',
    message:
      `${serverOf(home, standing)}, but its socket ${home.socket} is gone, so nobody can reach it. ` +
      `Starting another server would double the town.${other} To get the socket back: kill -USR1 ${home.serverPid}`,
    exit: exitStatus.unavailable,
  };
}

function moved(home: Home, answer: Tmux, standing: 'alive' | 'unknown'): Obstacle {
  return {
    code: 'socket-moved',
    message:
      `${serverOf(home, standing)} at ${home.socket}, but the settings now lead to ${answer.socket}. ` +
      `Set tick.socket and tick.tmux_tmpdir in settings/config.json back to the first. All agents of the town live in that server.`,
    exit: exitStatus.unavailable,
  };
}

function missingDirectory(tmpdir: string, socket: string): Obstacle {
  return {
    code: 'socket-moved',
    message:
      `The directory of the town's tmux socket, ${tmpdir}, does not exist; tmux would silently use ${socket} instead. ` +
      `Make it, or change tick.tmux_tmpdir in settings/config.json: mkdir -m 700 ${tmpdir}`,
    exit: exitStatus.unavailable,
  };
}

function serverOf(home: Home, standing: 'alive' | 'unknown'): string {
  const since = new Date(home.serverStarted * 1000).toISOString();
  const who = `This town's tmux server (pid ${home.serverPid}, since ${since})`;
  return standing === 'alive' ? `${who} is alive` : `${who} may be alive`;
}
