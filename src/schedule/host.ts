import { existsSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import type { Run } from '../run.ts';
import { cronRuns } from './cron-daemon.ts';

/** The machine and the user a schedule is made for: the seam behind which tests put another machine. */
export interface Host {
  readonly platform: NodeJS.Platform;
  readonly run: Run;
  /** The caller's environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly uid: number;
  readonly user: string;
  /** Whether a cron is at work; null where the system does not show it. */
  readonly cronRuns: () => boolean | null;
}

/** The running machine. `HOME` counts before what the user database says, as it does for every program. */
export function thisHost(run: Run, env: Host['env']): Host {
  const { uid, username } = userInfo();
  return { platform: process.platform, run, env, home: env.HOME || homedir(), uid, user: username, cronRuns };
}

/** The user's own configuration directory. */
export function configHome({ env, home }: Host): string {
  return env.XDG_CONFIG_HOME?.startsWith('/') ? env.XDG_CONFIG_HOME : `${home}/.config`;
}

/**
 * What programs of the scheduler are given. Their words are read, so they must be English; the user's service manager is
 * found through the runtime directory, which `su` and cron do not name.
 */
export function toolEnvironment({ env, home, uid, user }: Host): Record<string, string | undefined> {
  const runtime = env.XDG_RUNTIME_DIR || `/run/user/${uid}`;
  return {
    HOME: home,
    USER: user,
    LOGNAME: user,
    PATH: env.PATH,
    LC_ALL: 'C',
    TERM: 'dumb',
    ...(env.XDG_CONFIG_HOME ? { XDG_CONFIG_HOME: env.XDG_CONFIG_HOME } : {}),
    ...(env.DBUS_SESSION_BUS_ADDRESS ? { DBUS_SESSION_BUS_ADDRESS: env.DBUS_SESSION_BUS_ADDRESS } : {}),
    ...(existsSync(runtime) ? { XDG_RUNTIME_DIR: runtime } : {}),
  };
}
