import { readFileSync, statSync } from 'node:fs';
import { exitStatus, Failure } from '../exit.ts';
import { shellWord } from './shell-word.ts';

/**
 * Root in somebody else's town would leave files that its owner cannot replace, and start agents as root.
 * Throws a {@link Failure} `not-your-town` (77) that names the owner. Everybody else meets the system's own rights.
 */
export function refuseForeignRoot(root: string): void {
  if (process.geteuid?.() !== 0) return;
  const { uid } = statSync(root);
  if (uid === 0) return;
  const owner = nameOfUser(uid);
  throw new Failure(
    'not-your-town',
    exitStatus.permission,
    `The town ${root} belongs to ${owner ?? `uid ${uid}`}, and you are root: what you wrote here its owner could not change. Nothing was done.`,
    `sudo -u ${owner === null ? `'#${uid}'` : shellWord(owner)} gt status --town ${shellWord(root)}`,
  );
}

/** The login name of a user of this machine; null for one it does not know. */
export function nameOfUser(uid: number): string | null {
  try {
    const line = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((entry) => entry.split(':')[2] === String(uid));
    return line?.split(':', 1)[0] || null;
  } catch {
    return null;
  }
}
