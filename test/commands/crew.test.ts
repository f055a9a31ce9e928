import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bareTown, gt } from './told.ts';

let town: string;
let source: string;

const git = (cwd: string, ...args: string[]): string =>
  execFileSync('git', args, {
    cwd,
    encoding: 'utf8',
    env: {
      PATH: process.env.PATH,
      HOME: '/nonexistent',
      GIT_AUTHOR_NAME: 'a',
      GIT_AUTHOR_EMAIL: 'a@b',
      GIT_COMMITTER_NAME: 'a',
      GIT_COMMITTER_EMAIL: 'a@b',
    },
  }).trim();

beforeEach(async () => {
  town = bareTown();
  source = `${town}-source`;
  mkdirSync(source);
  git(source, 'init', '-q', '-b', 'main');
  writeFileSync(join(source, 'file'), 'x');
  git(source, 'add', 'file');
  git(source, 'commit', '-q', '-m', 'one');
  const added = await gt(town, ['rig', 'add', 'proj', source]);
  if (added.exit !== 0) throw new Error(added.err);
});
afterEach(() => {
  for (const dir of [town, source]) rmSync(dir, { recursive: true, force: true });
});

describe('gt crew add', () => {
  it('makes a clone of the project’s own remote, as clean as a fresh one', async () => {
    const told = await gt(town, ['crew', 'add', 'max', 'ann', '--rig', 'proj', '--branch', '--json']);
    expect(told).toMatchObject({ exit: 0, err: '' });
    expect(JSON.parse(told.out).added).toMatchObject([
      { name: 'max', rig: 'proj', branch: 'crew/max' },
      { name: 'ann', branch: 'crew/ann' },
    ]);
    const home = join(town, 'proj/crew/max');
    expect(git(home, 'remote', 'get-url', 'origin')).toBe(source);
    expect(git(home, 'status', '--porcelain')).toBe('');
    expect(JSON.parse(readFileSync(join(home, 'state.json'), 'utf8'))).toMatchObject({
      name: 'max',
      rig: 'proj',
      clone_path: home,
      branch: 'crew/max',
    });
  });

  it('finds the rig from where it is run', async () => {
    const told = await gt(join(town, 'proj'), ['crew', 'add', 'max']);
    expect(told.exit).toBe(0);
    expect(existsSync(join(town, 'proj/crew/max/file'))).toBe(true);
    const outside = await gt(town, ['crew', 'add', 'max']);
    expect(outside.exit).toBe(1);
    expect(outside.err).toContain('could not determine rig');
  });

  it('refuses names that could be taken for somebody else’s, and leaves nothing behind', async () => {
    await gt(town, ['crew', 'add', 'max', '--rig', 'proj']);
    for (const name of ['max', 'Max', 'witness', '../x', 'a.b', '']) {
      const told = await gt(town, ['crew', 'add', '--rig', 'proj', '--', name]);
      expect(told.exit, name).not.toBe(0);
    }
    expect(readdirSync(join(town, 'proj/crew'))).toEqual(['max']);
  });

  it('leaves nothing behind when the clone fails', async () => {
    rmSync(join(town, 'proj/.repo.git'), { recursive: true });
    rmSync(source, { recursive: true });
    const told = await gt(town, ['crew', 'add', 'max', '--rig', 'proj']);
    expect(told.exit).toBe(1);
    expect(readdirSync(join(town, 'proj/crew'))).toEqual([]);
  });
});

describe('what names a crew worker', () => {
  it('is checked before anything is done, and the nearest one is named', async () => {
    await gt(town, ['crew', 'add', 'max', '--rig', 'proj']);
    const told = await gt(town, ['crew', 'start', 'mac']);
    expect(told.exit).not.toBe(0);
    expect(told.err).toMatch(/could not determine rig|no crew worker mac/);
    const named = await gt(town, ['crew', 'start', 'proj/mac']);
    expect(named.err).toContain('Did you mean proj/max?');
    const all = await gt(town, ['crew', 'stop', 'proj']);
    expect(all.err).toContain('--all');
  });
});
