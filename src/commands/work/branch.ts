import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';

/** The branch checked out in a clone or worktree; null where there is none. Read from git's own files. */
export function branchOf(dir: string): string | null {
  const [, branch] = /^ref: refs\/heads\/(.+)$/.exec(headOf(dir) ?? '') ?? [];
  return branch ?? null;
}

/** The branch a clone is on, or the beginning of the commit where it is on none; empty for what is no clone. */
export function branchText(dir: string): string {
  return branchOf(dir) ?? (headOf(dir) ?? '').slice(0, 12);
}

/** Where git keeps what it knows of a clone or worktree; null where nothing is: it is none, or was never finished. */
export function gitDirOf(dir: string): string | null {
  try {
    const dotGit = `${dir}/.git`;
    if (statSync(dotGit).isDirectory()) return dotGit;
    const [, to = ''] = /^gitdir: (.+)$/m.exec(readFileSync(dotGit, 'utf8')) ?? [];
    const git = resolve(dir, to);
    return to !== '' && statSync(git).isDirectory() ? git : null;
  } catch {
    return null;
  }
}

function headOf(dir: string): string | null {
  try {
    return readFileSync(`${gitDirOf(dir)}/HEAD`, 'utf8').trim();
  } catch {
    return null;
  }
}
