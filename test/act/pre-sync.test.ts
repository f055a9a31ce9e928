import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { preSync, type Workspace } from '../../src/act/pre-sync.ts';
import { createRun } from '../../src/run.ts';
import { commit, gitEnv as env, git } from '../rig/work-tree.ts';

let dir: string;
const origin = () => join(dir, 'origin');
const work = () => join(dir, 'work');
const run = createRun({ path: env.PATH.split(':') });
const sync = (directory = work(), branch = 'trunk', more: Partial<Workspace> = {}) =>
  preSync({ directory, branch, deadlineMs: 60_000, run, env, onStep: null, ...more });

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
    const { warnings } = await sync(work(), 'trunk', { run: slow });
    expect(warnings.join()).toContain('did not answer');
  });

  it.each([
    ['a rebase', 'rebase-merge', ['rebase', '-q', '--exec', 'false', 'HEAD~1']],
    ['a rebase', 'rebase-apply', ['rebase', '-q', '--apply', 'side']],
    ['a merge', 'MERGE_HEAD', ['merge', '-q', '-s', 'ours', '--no-commit', 'side']],
    ['a cherry-pick', 'CHERRY_PICK_HEAD', ['cherry-pick', 'side']],
    ['a revert', 'REVERT_HEAD', ['revert', '--no-edit', 'HEAD~1']],
    ['a bisection', 'BISECT_LOG', ['bisect', 'start']],
  ])('leaves %s of the agent’s own alone (%s)', async (what, mark, args) => {
    git(work(), 'checkout', '-q', '-b', 'side');
    commit(work(), 'file', 'side');
    git(work(), 'checkout', '-q', 'trunk');
    commit(work(), 'file', 'mine');
    commit(work(), 'file', 'mine too');
    try {
      git(work(), ...args);
    } catch {
      // It stops half-way, as it is meant to.
    }
    // Resolved, not yet concluded: the tree is clean.
    if (git(work(), 'status', '--porcelain') !== '') git(work(), 'checkout', '-q', '-f', 'HEAD', '--', '.');
    commit(origin(), 'other', 'two');
    const before = [git(work(), 'rev-parse', 'HEAD'), git(work(), 'status')];
    expect(existsSync(join(work(), '.git', mark))).toBe(true);
    const { changed, warnings } = await sync();
    expect([changed, warnings]).toEqual([false, [`${work()} is not synced: ${what} is under way there.`]]);
    expect(existsSync(join(work(), '.git', mark))).toBe(true);
    expect([git(work(), 'rev-parse', 'HEAD'), git(work(), 'status')]).toEqual(before);
  });

  it('never touches a repository that merely surrounds the directory', async () => {
    const plain = join(work(), 'town/crew/max');
    mkdirSync(plain, { recursive: true });
    commit(origin(), 'file', 'two');
    const before = git(work(), 'rev-parse', 'HEAD');
    const { changed, warnings } = await sync(plain);
    expect(changed).toBe(false);
    expect(warnings.join()).toContain('no git work tree');
    expect(git(work(), 'rev-parse', 'HEAD')).toBe(before);
  });

  it('works through a symbolic link', async () => {
    symlinkSync(work(), join(dir, 'link'));
    commit(origin(), 'file', 'two');
    expect(await sync(join(dir, 'link'))).toEqual({ changed: true, warnings: [] });
  });

  it('takes no longer than it is given for all its steps together', async () => {
    const given: number[] = [];
    const slow: typeof run = async (command) => {
      const limit = command.timeoutMs ?? Number.POSITIVE_INFINITY;
      given.push(limit);
      const ran = await run(command);
      return command.args.includes('fetch')
        ? { ...ran, ok: false, failure: 'timeout', ms: limit }
        : { ...ran, ms: 1_000 };
    };
    const { warnings } = await sync(work(), 'trunk', { run: slow, deadlineMs: 12_000 });
    expect(warnings.join()).toContain('git fetch did not answer');
    expect(Math.max(...given)).toBeLessThan(12_000);
    expect(given.at(-1)).toBe(6_000);
  });

  it('begins no rebase that it could not undo in time', async () => {
    commit(origin(), 'file', 'two');
    const slow: typeof run = async (command) => ({ ...(await run(command)), ms: 2_000 });
    const { changed, warnings } = await sync(work(), 'trunk', { run: slow, deadlineMs: 11_500 });
    expect(changed).toBe(false);
    expect(warnings.join()).toContain('the time of this pass is used up');
  });
});
