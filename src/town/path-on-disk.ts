import { realpathSync, statSync } from 'node:fs';

/** Where this process runs; empty when that directory no longer exists. */
export function currentDirectory(): string {
  try {
    return process.cwd();
  } catch {
    return '';
  }
}

/** Whether a path leads to a directory; false too where that cannot be found out. */
export function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** A path without symbolic links. Null where it leads nowhere, and for the empty one of a directory that is gone. */
export function realPath(path: string): string | null {
  try {
    return path === '' ? null : realpathSync(path);
  } catch {
    return null;
  }
}
