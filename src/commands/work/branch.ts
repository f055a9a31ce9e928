import { readFileSync, statSync } from 'node:fs';

/** The branch checked out in a clone or worktree; null where there is none. Read from git's own files. */
export function branchOf(dir: string): string | null {
  try {
    const dotGit = `${dir}/.git`;
    const git = statSync(dotGit).isDirectory() ? dotGit : worktreeOf(dir, readFileSync(dotGit, 'utf8'));
    const [, branch] = /^ref: refs\/heads\/(.+)$/m.exec(readFileSync(`${git}/HEAD`, 'utf8')) ?? [];
    return branch ?? null;
  } catch {
    return null;
  }
}

function worktreeOf(dir: string, text: string): string {
  const [, path = ''] = /^gitdir: (.+)$/m.exec(text) ?? [];
  return path.startsWith('/') ? path : `${dir}/${path}`;
}
