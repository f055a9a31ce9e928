import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { errnoOf } from '../persist/io-failure.ts';
import { writeText } from '../persist/json.ts';

/** What stood in files before they were changed: text, or null where there was none. */
export type Before = readonly (readonly [path: string, text: string | null])[];

/** Writes those files that differ; what stood there before is returned, so that it can be put back. */
export function writeFiles(files: Readonly<Record<string, string>>): Before {
  const before: (readonly [string, string | null])[] = [];
  try {
    for (const [path, text] of Object.entries(files)) {
      const old = textOf(path);
      if (old === text) continue;
      before.push([path, old]);
      writeText(path, text, { mode: 0o644 });
    }
  } catch (error) {
    putBack(before);
    throw error;
  }
  return before;
}

/** Undoes {@link writeFiles}. */
export function putBack(before: Before): void {
  for (const [path, text] of before) {
    if (text === null) removeFile(path);
    else writeText(path, text, { mode: 0o644 });
  }
}

/** Removes a file, and its directory and the one above where nothing else is left in them; false when there was none. */
export function removeFile(path: string): boolean {
  const there = existsSync(path);
  rmSync(path, { force: true });
  removeEmpty(dirname(path));
  return there;
}

/** Removes a directory with nothing in it. */
export function removeEmpty(dir: string): void {
  try {
    rmdirSync(dir);
  } catch (error) {
    if (!['ENOTEMPTY', 'ENOENT', 'EEXIST', 'EBUSY'].includes(errnoOf(error))) throw error;
  }
}

/** Null: there is no such file. */
export function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

/** Names in a directory; none where there is no such directory. */
export function namesIn(dir: string): readonly string[] {
  try {
    return readdirSync(dir);
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

/** What has a name too long to be there is not there. */
function isAbsent(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'].includes(errnoOf(error));
}
