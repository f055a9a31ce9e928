import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { temporaryName } from '../../persist/leftovers.ts';
import { findTown } from '../../town/find.ts';
import { keepaliveFileOf } from '../../town/layout.ts';
import { callerOf } from '../caller.ts';

/**
 * Whatever an agent runs shows that it lives, and so do its hooks: at each prompt, at each stop, when it starts. Writes its
 * own keepalive file and never the town's activity, for an answer to our own poke is no work. The town is the agent's own,
 * and `town`, the one a command works in, where the environment names none. Does nothing for a person. Never fails, loads no
 * library: it runs on every prompt.
 */
export function stampLife(
  words: string,
  { env, cwd }: { readonly env: Readonly<Record<string, string | undefined>>; readonly cwd: string },
  town?: string,
): void {
  if (!env.GT_ROLE) return;
  try {
    const root = findTown({ town: env.GT_TOWN_ROOT || env.GT_ROOT ? undefined : town, env, cwd });
    const caller = callerOf(root, { env, cwd });
    if (caller === null) return;
    const file = keepaliveFileOf(root, caller);
    const stamp = {
      last_command: `gt ${words}`,
      timestamp: new Date(wallOf(root, env)).toISOString(),
      ...paneOf(env),
    };
    replaceFile(file, `${JSON.stringify(stamp, null, 2)}\n`);
  } catch {
    // Whoever waits for the hook or the command needs its answer, not this.
  }
}

/** The tmux pane this runs in, and its server's process: what tells whose process signs in an agent's name. */
function paneOf({ TMUX = '', TMUX_PANE: pane = '' }: Readonly<Record<string, string | undefined>>): object {
  const [, server] = /,(\d{1,10}),\d*$/.exec(TMUX) ?? [];
  return server === undefined || !/^%\d+$/.test(pane) ? {} : { pane, tmux_server: Number(server) };
}

function replaceFile(file: string, text: string): void {
  const next = temporaryName(file);
  const write = () => writeFileSync(next, text, { mode: 0o600 });
  try {
    write();
  } catch {
    mkdirSync(file.slice(0, file.lastIndexOf('/')), { mode: 0o700 });
    write();
  }
  try {
    renameSync(next, file);
  } catch (error) {
    rmSync(next, { force: true });
    throw error;
  }
}

/** The false clock of a test town, else the real one. Milliseconds since 1970. */
function wallOf(root: string, { GT_CLOCK: given }: Readonly<Record<string, string | undefined>>): number {
  if (given === undefined || !existsSync(`${root}/daemon/test-town`)) return Date.now();
  const clock: unknown = JSON.parse(given);
  const wall = typeof clock === 'object' && clock !== null && 'wall' in clock ? clock.wall : null;
  if (typeof wall === 'number') return wall;
  return typeof wall === 'string' ? Date.parse(wall) : Date.now();
}
