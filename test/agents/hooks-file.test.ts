import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { ensureHooksFile, hooksOf } from '../../src/agents/hooks-file.ts';
import { rigAgent, townAgent, worker } from '../../src/town/identity.ts';
import { scratch } from '../town/scratch.ts';

let root: string;
beforeEach(() => {
  root = scratch();
});

const git = (cwd: string, ...args: string[]): string =>
  execFileSync('git', args, {
    cwd,
    encoding: 'utf8',
    env: {
      PATH: process.env.PATH,
      HOME: root,
      GIT_AUTHOR_NAME: 'a',
      GIT_AUTHOR_EMAIL: 'a@b',
      GIT_COMMITTER_NAME: 'a',
      GIT_COMMITTER_EMAIL: 'a@b',
    },
  }).trim();
const witness = rigAgent('proj', 'witness');
const max = worker('proj', 'crew', 'max');
const place = (path: string): string => {
  mkdirSync(join(root, path), { recursive: true });
  return join(root, path);
};

describe('an agent’s hooks', () => {
  it('have the form its vendor documents: event → matcher → commands', () => {
    const { hooks } = Object(hooksOf(witness));
    expect(hooks).toEqual({
      SessionStart: [
        { matcher: '', hooks: [{ type: 'command', command: 'gt prime && gt mail check --inject' }] },
      ],
      PreCompact: [{ matcher: '', hooks: [{ type: 'command', command: 'gt prime' }] }],
      UserPromptSubmit: [{ matcher: '', hooks: [{ type: 'command', command: 'gt mail check --inject' }] }],
      Stop: [{ matcher: '', hooks: [{ type: 'command', command: 'gt costs record' }] }],
    });
    expect(Object(hooksOf(max)).hooks.SessionStart[0].hooks[0].command).toBe('gt prime');
  });

  it('are written where there are no settings yet', () => {
    const dir = place('proj/witness');
    expect(ensureHooksFile(root, witness, dir)).toBeNull();
    const file = join(dir, '.claude/settings.json');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(hooksOf(witness));
    expect(statSync(file).mode & 0o777).toBe(0o644);
  });

  it.each(['', '{"hooks":{}}', 'not json'])('never replace settings that are there: %j', (text) => {
    const dir = place('proj/witness/.claude');
    writeFileSync(join(dir, 'settings.json'), text);
    expect(ensureHooksFile(root, witness, join(root, 'proj/witness'))).toBeNull();
    expect(readFileSync(join(dir, 'settings.json'), 'utf8')).toBe(text);
  });

  it('never lead out of the directory through a link', () => {
    const dir = place('proj/witness');
    const elsewhere = place('elsewhere');
    symlinkSync(elsewhere, join(dir, '.claude'));
    expect(ensureHooksFile(root, witness, dir)).toBeNull();
    expect(existsSync(join(elsewhere, 'settings.json'))).toBe(false);
  });

  it('leave a clone as clean as it was', () => {
    const dir = place('proj/crew/max');
    git(dir, 'init', '-q');
    expect(ensureHooksFile(root, max, dir)).toBeNull();
    expect(existsSync(join(dir, '.claude/settings.json'))).toBe(false);
    expect(JSON.parse(readFileSync(join(dir, '.claude/settings.local.json'), 'utf8'))).toEqual(hooksOf(max));
    mkdirSync(join(dir, '.runtime'));
    writeFileSync(join(dir, '.runtime/keepalive.json'), '{}');
    expect(git(dir, 'status', '--porcelain')).toBe('');
    const exclude = readFileSync(join(dir, '.git/info/exclude'), 'utf8');
    rmSync(join(dir, '.claude'), { recursive: true });
    ensureHooksFile(root, max, dir);
    expect(readFileSync(join(dir, '.git/info/exclude'), 'utf8')).toBe(exclude);
  });

  it('leave a worktree as clean as it was', () => {
    const repository = place('proj/mayor/rig');
    git(repository, 'init', '-q');
    git(repository, 'commit', '-q', '--allow-empty', '-m', 'one');
    mkdirSync(join(root, 'proj/polecats'), { recursive: true });
    const dir = join(root, 'proj/polecats/nux');
    git(repository, 'worktree', 'add', '-q', dir);
    const nux = worker('proj', 'polecat', 'nux');
    expect(ensureHooksFile(root, nux, dir)).toBeNull();
    expect(existsSync(join(dir, '.claude/settings.local.json'))).toBe(true);
    expect(git(dir, 'status', '--porcelain')).toBe('');
    expect(git(repository, 'status', '--porcelain')).toBe('');
  });

  it.each(['gitdir', 'link'])('write nothing into a repository outside the town, by way of a %s', (way) => {
    const outside = scratch();
    git(outside, 'init', '-q');
    const before = readFileSync(join(outside, '.git/info/exclude'), 'utf8');
    const dir = place('proj/crew/max');
    if (way === 'gitdir') writeFileSync(join(dir, '.git'), `gitdir: ${outside}/.git\n`);
    else {
      git(dir, 'init', '-q');
      rmSync(join(dir, '.git/info'), { recursive: true });
      symlinkSync(join(outside, '.git/info'), join(dir, '.git/info'));
    }
    expect(ensureHooksFile(root, max, dir)).toBeNull();
    expect(existsSync(join(dir, '.claude/settings.local.json'))).toBe(true);
    expect(readFileSync(join(outside, '.git/info/exclude'), 'utf8')).toBe(before);
  });

  it('are not written a second time beside upstream’s', () => {
    const dir = place('proj/crew/max');
    git(dir, 'init', '-q');
    mkdirSync(join(dir, '.claude'));
    writeFileSync(join(dir, '.claude/settings.json'), '{"x":"gt mail check --inject"}');
    ensureHooksFile(root, max, dir);
    expect(existsSync(join(dir, '.claude/settings.local.json'))).toBe(false);
  });

  it('say what kept them from being written, and do not throw', () => {
    const dir = place('proj/witness/.claude');
    writeFileSync(join(root, 'proj/file'), '');
    expect(ensureHooksFile(root, townAgent('mayor'), join(root, 'proj/file'))).toMatch(
      /could not be written/,
    );
    expect(dir).toContain('.claude');
    chmodSync(dir, 0o755);
  });
});
