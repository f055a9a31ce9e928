import { handedOn } from '../agents/environment.ts';
import { isDirectory } from '../town/path-on-disk.ts';
import { cleared } from './registration.ts';

/** The environment for a schedule, and what of the caller's could not go into it, for people. */
export interface Proven {
  readonly env: Readonly<Record<string, string>>;
  readonly left: readonly string[];
}

/**
 * The environment that a scheduler is to call in: what agents are given of their operator's, so that they are given the
 * same whoever called (F12). Schedulers' own is bare.
 */
export function provenEnvironment(
  caller: Readonly<Record<string, string | undefined>>,
  home: string,
): Proven {
  const env: Record<string, string> = { HOME: home, PATH: lastingPath(caller.PATH) };
  const left: string[] = [];
  for (const name of Object.keys(caller).sort()) {
    const value = caller[name];
    if (!value || name in env || !isHandedOn(name)) continue;
    if (/[\u0000-\u001f\u007f]/.test(value))
      left.push(`${name} has a line end or another control character in it`);
    else if (/proxy$/i.test(name) && value.includes('@'))
      left.push(`${name} has a password in it: put it into the agent's env in settings/config.json`);
    else env[name] = value;
  }
  return { env, left };
}

function isHandedOn(name: string): boolean {
  if (cleared.some((one) => one === name)) return false;
  // The scheduler knows who it runs for.
  return name !== 'USER' && name !== 'LOGNAME' && (handedOn.has(name) || name.startsWith('LC_'));
}

/**
 * The directories of a search path that will be there after a reboot, each once, in their order. Some shells make one for
 * each session, below /run.
 */
function lastingPath(path = ''): string {
  const kept = [...new Set([...path.split(':'), '/usr/local/bin', '/usr/bin', '/bin'])].filter(
    (dir) => /^\/[^\u0000-\u001f\u007f:]*$/.test(dir) && !dir.startsWith('/run/') && isDirectory(dir),
  );
  return kept.join(':');
}
