import { existsSync } from 'node:fs';
import type { ScheduleProblem } from '../model/schedule.ts';
import { shellWord } from '../town/shell-word.ts';
import { type Host, toolEnvironment } from './host.ts';

/** Whether the user's services run while the user is logged out; null when that cannot be found out. */
export async function lingers(host: Host): Promise<boolean | null> {
  const ran = await host.run({
    file: 'loginctl',
    args: ['show-user', host.user, '--property=Linger', '--value'],
    env: toolEnvironment(host),
  });
  const answer = ran.ok ? ran.stdout.trim() : '';
  if (answer === 'yes' || answer === 'no') return answer === 'yes';
  // Of users who are neither logged in nor lingering loginctl knows nothing.
  return existsSync('/var/lib/systemd/linger') ? existsSync(`/var/lib/systemd/linger/${host.user}`) : null;
}

/** Says how to keep the timer while the user is logged out; null when it is kept. */
export async function lingerProblem(host: Host): Promise<ScheduleProblem | null> {
  const answer = await lingers(host);
  if (answer === true) return null;
  return {
    code: 'no-linger',
    message:
      answer === false
        ? 'Your timers, and all agents, stop when you log out, and do not come back after a reboot until you log in.'
        : 'Whether your timers go on when you log out cannot be found out.',
    hint: `loginctl enable-linger ${shellWord(host.user)}`,
    stops: false,
  };
}
