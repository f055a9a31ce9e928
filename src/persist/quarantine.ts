import { lstatSync, readdirSync, renameSync, unlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fault } from './fault.ts';
import { notSaved } from './io-failure.ts';
import { randomToken } from './leftovers.ts';
import { makeDirectory } from './replace-file.ts';

/** How many damaged files are kept for people to look at. */
const keep = 8;

/**
 * Moves a damaged file aside into `directory` and returns its new path. The oldest of more than eight go.
 * When it cannot be moved a `Failure` says so, and it stays where it is.
 */
export function quarantine(path: string, directory: string): string {
  fault('quarantine.before');
  let aside: string;
  try {
    makeDirectory(directory);
    const written = new Date(lstatSync(path).mtimeMs).toISOString().replaceAll(':', '');
    aside = join(directory, `${basename(path)}.${written}-${randomToken()}`);
    renameSync(path, aside);
  } catch (error) {
    throw notSaved(directory, error);
  }
  fault('quarantine.after');
  forgetOldest(directory);
  return aside;
}

function forgetOldest(directory: string): void {
  try {
    const files = readdirSync(directory)
      .map((name) => join(directory, name))
      .map((path) => ({ path, changed: lstatSync(path).ctimeMs }))
      .sort((one, other) => other.changed - one.changed);
    for (const { path } of files.slice(keep)) unlinkSync(path);
  } catch {
    // They are only kept to be looked at: one too many does no harm.
  }
}
