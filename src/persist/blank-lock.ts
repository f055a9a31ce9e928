import { lstatSync } from 'node:fs';
import type { Owner } from './lock-owner.ts';
import type { ProcessTable } from './process-identity.ts';

/**
 * A lock without a word in it, empty or of zero bytes only. No `gt` holds it: a lock gets its name when its record is whole
 * and synced. A power cut on a careless disk leaves such a one, or somebody else's program made it.
 */
export interface Blank {
  /** Milliseconds since 1970: when it was last touched. */
  readonly touched: number;
  /** Twelve hex digits: this file's, for whoever succeeds it. */
  readonly token: string;
}

/** Two clocks are compared, and file systems round. */
const slackMs = 5_000;

/** The blank lock at `path`; null when it is gone by now. */
export function blankAt(path: string): Blank | null {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return null;
  const token = stats.ino.toString(16).padStart(12, '0').slice(-12);
  return { touched: Math.max(stats.mtimeMs, stats.ctimeMs), token };
}

/** Was it there before the machine started? Then whoever made it is gone, whatever program that was. */
export function isBeforeBoot({ touched }: Blank, { bootedAt }: ProcessTable): boolean {
  return bootedAt !== undefined && touched < bootedAt() - slackMs;
}

/** What a blank lock counts as where it is succeeded: an owner that no process can be. */
export function nobody({ touched, token }: Blank, { self }: ProcessTable): Owner {
  const since = new Date(touched).toISOString();
  return { ...self, boot: '', start: '', pid: 0, token, since, user: 'nobody', command: 'an empty lock' };
}
