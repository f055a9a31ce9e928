import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bareTown, gt } from './told.ts';

const env = {
  GIT_AUTHOR_NAME: 'A',
  GIT_AUTHOR_EMAIL: 'a@example.org',
  GIT_COMMITTER_NAME: 'A',
  GIT_COMMITTER_EMAIL: 'a@example.org',
};
const git = (cwd: string, ...args: string[]): string =>
  execFileSync('git', args, {
    cwd,
    encoding: 'utf8',
    env: { ...env, PATH: process.env.PATH, HOME: cwd },
  }).trim();

async function townWithProject(): Promise<string> {
  const town = bareTown();
  const source = join(town, 'daemon/source');
  mkdirSync(source);
  git(source, 'init', '--quiet', '--initial-branch=main');
  writeFileSync(join(source, 'README'), 'hello');
  git(source, 'add', '.');
  git(source, 'commit', '--quiet', '-m', 'first');
  const added = await gt(town, ['rig', 'add', 'proj', source]);
  if (added.exit !== 0) throw new Error(added.err);
  return town;
}

describe('gt polecat add', () => {
  it('makes a worktree on a branch of its own, which the polecat is listed with', async () => {
    const town = await townWithProject();
    const { exit, out } = await gt(town, ['polecat', 'add', 'proj', 'toast', '--json']);
    const dir = join(town, 'proj/polecats/toast');
    expect(exit).toBe(0);
    const { branch } = JSON.parse(out);
    expect(JSON.parse(out)).toMatchObject({ rig: 'proj', name: 'toast', clone_path: dir, created: true });
    expect(branch).toMatch(/^polecat\/toast-[0-9a-z]+$/);
    expect(git(dir, 'rev-parse', '--abbrev-ref', 'HEAD')).toBe(branch);
    expect(existsSync(join(dir, 'README'))).toBe(true);
    const status = JSON.parse((await gt(town, ['polecat', 'status', 'proj/toast', '--json'])).out);
    expect(status).toMatchObject({ name: 'toast', state: 'idle', branch, session_running: false });
  });

  it('leaves one that exists as it is', async () => {
    const town = await townWithProject();
    await gt(town, ['polecat', 'add', 'proj', 'toast']);
    writeFileSync(join(town, 'proj/polecats/toast/unsaved'), 'work');
    const again = await gt(town, ['polecat', 'add', 'proj', 'toast']);
    expect(again).toMatchObject({ exit: 0, out: expect.stringContaining('left as it is') });
    expect(existsSync(join(town, 'proj/polecats/toast/unsaved'))).toBe(true);
  });

  it('does not take a worktree that was never finished for one, and says how to begin anew', async () => {
    const town = await townWithProject();
    const dir = join(town, 'proj/polecats/toast');
    await gt(town, ['polecat', 'add', 'proj', 'toast']);
    const admin = git(dir, 'rev-parse', '--absolute-git-dir');
    rmSync(join(admin, 'index'));
    writeFileSync(join(admin, 'locked'), 'initializing');
    const cut = await gt(town, ['polecat', 'add', 'proj', 'toast']);
    expect(cut).toMatchObject({ exit: 1, err: expect.stringContaining('no finished worktree') });
    const remedy = /git -C \S+ worktree remove .*/.exec(cut.err)?.[0] ?? 'false';
    const branch = git(dir, 'rev-parse', '--abbrev-ref', 'HEAD');
    execFileSync('sh', ['-c', remedy], { cwd: town });
    // The clock of these tests stands still, so the new branch would have the name of the old.
    git(join(town, 'proj/.repo.git'), 'branch', '-D', branch);
    expect((await gt(town, ['polecat', 'add', 'proj', 'toast'])).exit).toBe(0);

    mkdirSync(join(town, 'proj/polecats/nux'));
    const empty = await gt(town, ['polecat', 'add', 'proj', 'nux']);
    expect(empty).toMatchObject({ exit: 1, err: expect.stringContaining('mv ') });
    execFileSync('sh', ['-c', /mv .*/.exec(empty.err)?.[0] ?? 'false'], { cwd: town });
    expect((await gt(town, ['polecat', 'add', 'proj', 'nux'])).exit).toBe(0);
  });

  it('refuses the name of a crew worker, and crew that of a polecat: both would have one mailbox', async () => {
    const town = await townWithProject();
    expect((await gt(town, ['crew', 'add', 'max', '--rig', 'proj'])).exit).toBe(0);
    expect((await gt(town, ['polecat', 'add', 'proj', 'nux'])).exit).toBe(0);
    for (const args of [
      ['polecat', 'add', 'proj', 'max'],
      ['polecat', 'add', 'proj', 'Max'],
      ['crew', 'add', 'nux', '--rig', 'proj'],
    ]) {
      const told = await gt(town, args);
      expect(told, args.join(' ')).toMatchObject({
        exit: 64,
        err: expect.stringContaining('share one mailbox'),
      });
    }
    expect(existsSync(join(town, 'proj/polecats/max'))).toBe(false);
    expect(existsSync(join(town, 'proj/crew/nux'))).toBe(false);
    // Upstream's towns may have both: what is there is left as it is.
    mkdirSync(join(town, 'proj/crew/nux'));
    expect((await gt(town, ['polecat', 'add', 'proj', 'nux'])).exit).toBe(0);
  });

  it('refuses names that are others’, rigs that do not exist, and rigs without a repository', async () => {
    const town = await townWithProject();
    expect(await gt(town, ['polecat', 'add', 'proj', 'witness'])).toMatchObject({ exit: 64 });
    expect(await gt(town, ['polecat', 'add', 'proj', '../x'])).toMatchObject({ exit: 64 });
    expect(await gt(town, ['polecat', 'add', 'nope', 'x'])).toMatchObject({
      exit: 1,
      err: expect.stringContaining('rig not found: nope'),
    });
    await gt(town, ['rig', 'add', 'empty']);
    expect(await gt(town, ['polecat', 'add', 'empty', 'x'])).toMatchObject({
      exit: 1,
      err: expect.stringContaining('no repository'),
    });
  });
});
