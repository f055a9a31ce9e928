import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where real git is, and an identity that is no person's. */
export const gitEnv = {
  PATH: '/usr/local/bin:/usr/bin:/bin',
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@example.org',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@example.org',
};

export function git(cwd: string, ...args: readonly string[]): string {
  return execFileSync('git', args, { cwd, env: gitEnv, encoding: 'utf8', stdio: 'pipe' }).trim();
}

export function commit(repository: string, file: string, text: string): void {
  writeFileSync(join(repository, file), text);
  git(repository, 'add', file);
  git(repository, 'commit', '-q', '-m', text);
}

/** A repository with one commit on `main`, to clone from. */
export function origin(dir: string): string {
  mkdirSync(dir, { recursive: true });
  git(dir, 'init', '-q', '-b', 'main');
  commit(dir, 'file', 'one');
  return dir;
}

/** A clone on a branch of its own: two commits that are nowhere else, a staged file, a changed one, two unknown ones. */
export function unsavedWork(from: string, at: string, branch: string): void {
  git(from, 'clone', '-q', from, at);
  git(at, 'checkout', '-q', '-b', branch);
  commit(at, 'mine', 'mine');
  commit(at, 'more', 'more');
  writeFileSync(join(at, 'staged'), 'staged');
  git(at, 'add', 'staged');
  writeFileSync(join(at, 'file'), 'half done');
  writeFileSync(join(at, 'notes'), 'notes');
  mkdirSync(join(at, 'new'));
  writeFileSync(join(at, 'new/one'), '1');
  writeFileSync(join(at, 'new/two'), '2');
}

/**
 * Everything about a work tree that must not be lost: branches, stash, work trees, the index to the byte, every file but the
 * agent's own signs of life.
 */
export function everythingIn(dir: string): Readonly<Record<string, string>> {
  const ask = (...args: readonly string[]) => {
    try {
      return git(dir, '--no-optional-locks', ...args);
    } catch (error) {
      return error instanceof Error ? (error.message.split('\n')[1] ?? '') : '';
    }
  };
  const index = ask('rev-parse', '--path-format=absolute', '--git-path', 'index');
  return {
    head: ask('rev-parse', 'HEAD'),
    branch: ask('symbolic-ref', '-q', 'HEAD'),
    branches: ask('for-each-ref', '--format=%(refname) %(objectname)', 'refs/heads', 'refs/stash'),
    stash: ask('stash', 'list'),
    trees: ask('worktree', 'list', '--porcelain'),
    index: digestOf(index),
    ...filesOf(dir),
  };
}

function filesOf(dir: string): Record<string, string> {
  const files: Record<string, string> = {};
  for (const entry of readdirSync(dir, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && !/^\/\.(git|runtime)\//.test(path.slice(dir.length))) files[path] = digestOf(path);
  }
  return files;
}

function digestOf(path: string): string {
  try {
    return createHash('sha1').update(readFileSync(path)).digest('hex');
  } catch {
    return 'none';
  }
}
