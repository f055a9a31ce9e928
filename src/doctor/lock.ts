import { type LockStatus, readLockOwner } from '../persist/lock-standing.ts';
import { shellWord } from '../town/shell-word.ts';
import type { Examine, Examined, Finding } from './finding.ts';

export const examineLock: Examine = ({ layout, now, config }) =>
  judgeLock(readLockOwner(layout.lockFile), {
    file: layout.lockFile,
    town: layout.root,
    now,
    longestMs: config.tick.budgets.passMs + 60_000,
  });

/** Who holds the lock of the passes, and whether that can be right. Only what nobody can be asked about is to be removed. */
export function judgeLock(
  status: LockStatus,
  place: { readonly file: string; readonly town: string; readonly now: number; readonly longestMs: number },
): Examined {
  const { file, town, now, longestMs } = place;
  const examined = (saw: string, ...findings: readonly Finding[]): Examined => ({
    name: 'lock',
    saw,
    findings,
  });
  if (status.kind === 'free') return examined('free');
  const since = status.kind === 'dead' ? status.owner.since : status.since;
  const { message } = status;
  if (status.kind === 'dead') {
    const remedy = `gt tick --town ${shellWord(town)}`;
    return examined('its holder died', { code: 'lock-dead', message, since, remedy });
  }
  if (status.why === 'running') {
    const held = since === null ? 0 : now - Date.parse(since);
    if (!(held > longestMs)) return examined('held by a gt at work');
    const remedy = `ps -p ${status.owner?.pid ?? 0} -o pid,etime,args`;
    const late = `${message} A pass ends within ${Math.round(longestMs / 1000)} s.`;
    return examined('held for too long', { code: 'lock-held-long', message: late, since, remedy });
  }
  if (status.why === 'blank') {
    const remedy = `gt doctor --fix --town ${shellWord(town)}`;
    const repairs = [{ kind: 'blank-lock', path: file }] as const;
    return examined('empty', { code: 'lock-empty', message, since, remedy, repairs });
  }
  const remedy = `${status.why === 'unreadable' ? 'ls -l' : 'rm'} ${shellWord(file)}`;
  return examined('held by nobody who can be asked', { code: `lock-${status.why}`, message, since, remedy });
}
