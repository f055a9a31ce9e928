import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { preSync } from '../../src/act/pre-sync.ts';
import { createRun } from '../../src/run.ts';

let dir: string;
const env = {
  PATH: '/usr/local/bin:/usr/bin:/bin',
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@example.org',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@example.org',
};
const git = (cwd: string, ...args: string[]) =>
  execFileSync('git', args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
const commit = (repository: string, file: string, text: string) => {
  writeFileSync(join(repository, file), text);
  git(repository, 'add', file);
  git(repository, 'commit', '-q', '-m', text);
};
const origin = () => join(dir, 'origin');
const work = () => join(dir, 'work');
const run = createRun({ path: env.PATH.split(':') });
const sync = (directory = work(), branch = 'trunk') => preSync({ directory, branch, run, env, onStep: null });

beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'gt-sync-')));
  mkdirSync(origin());
  git(origin(), 'init', '-q', '-b', 'trunk');
  commit(origin(), 'file', 'one');
  git(dir, 'clone', '-q', origin(), work());
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('bringing a workspace up to date', () => {
  it('takes what is new on the default branch, whatever that is called', async () => {
    commit(origin(), 'file', 'two');
    expect(await sync()).toEqual({ changed: true, warnings: [] });
    expect(readFileSync(join(work(), 'file'), 'utf8')).toBe('two');
  });

  it('puts the workspace’s own commits on top', async () => {
    commit(work(), 'mine', 'mine');
    commit(origin(), 'file', 'two');
    expect((await sync()).changed).toBe(true);
    expect(git(work(), 'log', '--format=%s').split('\n')).toEqual(['mine', 'two', 'one']);
  });

  it('says nothing changed when nothing is new', async () => {
    expect(await sync()).toEqual({ changed: false, warnings: [] });
  });

  it('leaves a tree with uncommitted work exactly as it is', async () => {
    commit(origin(), 'file', 'two');
    writeFileSync(join(work(), 'file'), 'unsaved work');
    const { changed, warnings } = await sync();
    expect(changed).toBe(false);
    expect(warnings.join()).toContain('not committed');
    expect(readFileSync(join(work(), 'file'), 'utf8')).toBe('unsaved work');
  });

  it('gives a conflicting rebase up and leaves no trace of it', async () => {
    commit(work(), 'file', 'mine');
    commit(origin(), 'file', 'theirs');
    const before = git(work(), 'rev-parse', 'HEAD');
    const { changed, warnings } = await sync();
    expect(changed).toBe(false);
    expect(warnings.join()).toContain('git rebase on origin/trunk');
    expect(git(work(), 'rev-parse', 'HEAD')).toBe(before);
    expect(git(work(), 'status')).not.toContain('rebase');
    expect(readFileSync(join(work(), 'file'), 'utf8')).toBe('mine');
  });

  it('is a warning when the origin cannot be reached, and when there is no work tree', async () => {
    rmSync(origin(), { recursive: true });
    expect((await sync()).warnings.join()).toContain('git fetch');
    expect((await sync(dir)).warnings.join()).toContain('no git work tree');
  });

  it('is a warning when git hangs', async () => {
    const slow: typeof run = (command) => run({ ...command, file: 'sleep', args: ['60'], timeoutMs: 50 });
    const { warnings } = await preSync({ directory: work(), branch: 'trunk', run: slow, env, onStep: null });
    expect(warnings.join()).toContain('did not answer');
  });
});
