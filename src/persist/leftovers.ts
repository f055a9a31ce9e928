import { lstatSync, readdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';

const pattern = /\.(next|after)-[0-9a-f]{12}(\.\d{1,10})?$/;

/** Twelve random hex digits: enough that two never meet. No secret: who can read the directory can read them. */
export function randomToken(): string {
  return Math.floor(Math.random() * 2 ** 48)
    .toString(16)
    .padStart(12, '0');
}

/** A new name beside a file, under which its next version is prepared. */
export function temporaryName(path: string): string {
  return `${path}.next-${randomToken()}`;
}

/** The name that only one successor of a dead lock owner can take. `token` is the dead owner's. */
export function successionName(path: string, token: string): string {
  return `${path}.after-${token}`;
}

/**
 * Removes what killed writers and killed successors left in `directory`: our own name pattern only, and only what was last
 * written a minute or more before `olderThanPass` (milliseconds since 1970). Call it with the tick's lock held.
 * Returns how many files went; what cannot be read or removed stays for the next pass.
 */
export function sweepLeftovers(directory: string, olderThanPass: number): number {
  let removed = 0;
  for (const path of leftoversIn(directory, olderThanPass)) {
    try {
      unlinkSync(path);
      removed += 1;
    } catch {
      // Gone already, or not ours to remove.
    }
  }
  return removed;
}

/** What {@link sweepLeftovers} would remove. */
export function leftoversIn(directory: string, olderThanPass: number): readonly string[] {
  return namesIn(directory).flatMap((name) => {
    if (!pattern.test(name)) return [];
    const path = join(directory, name);
    try {
      const stats = lstatSync(path);
      return stats.isFile() && stats.mtimeMs < olderThanPass - 60_000 ? [path] : [];
    } catch {
      return [];
    }
  });
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
