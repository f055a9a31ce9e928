import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRun } from '../../src/run.ts';
import { syncBeads } from '../../src/store/beads/sync.ts';
import { type Bd, builtBd, runBd, withoutBd } from '../rig/bd.ts';
import { type BeadsTown, beadsTown, copyStore } from '../rig/beads-town.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const version = '0.47.1';
const bd = builtBd(version);

describe.skipIf(bd === null)(`bringing beads home${bd === null ? ` ${withoutBd(version)}` : ''}`, () => {
  const real: Bd = bd ?? { version, dir: '' };
  let town: BeadsTown;
  let workspace: string;

  beforeEach(() => {
    town = beadsTown(real);
    workspace = join(town.root, 'proj/crew/max');
    const origin = join(town.root, 'origin.git');
    mkdirSync(workspace, { recursive: true });
    git(town.root, 'init', '--quiet', '--bare', '--initial-branch=main', origin);
    git(workspace, 'init', '--quiet', '--initial-branch=main');
    git(workspace, 'commit', '--quiet', '--allow-empty', '-m', 'first');
    git(workspace, 'remote', 'add', 'origin', origin);
    git(workspace, 'push', '--quiet', '-u', 'origin', 'main');
  });
  afterEach(() => town.remove());

  const git = (cwd: string, ...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
      cwd,
      env: { ...town.env, GIT_CONFIG_NOSYSTEM: '1' },
      encoding: 'utf8',
    });
  const sync = (timeoutMs = 30_000) => {
    const path = (town.env.PATH ?? '').split(':');
    return syncBeads(town.root, workspace, { run: createRun({ path }), env: town.env, path, timeoutMs });
  };

  it('does nothing in a workspace without beads', async () => {
    expect(await sync()).toBeNull();
    expect(existsSync(join(workspace, '.beads'))).toBe(false);
  });

  it('writes the issues to the file that git carries, and pushes them', async () => {
    git(workspace, 'config', 'user.name', 't');
    git(workspace, 'config', 'user.email', 't@example.com');
    copyStore(real, 'pr', workspace);
    git(workspace, 'add', '.beads');
    git(workspace, 'commit', '--quiet', '-m', 'beads');
    const id = runBd(workspace, ['create', 'a task', '--silent'], town.env).trim();
    expect(await sync()).toBeNull();
    expect(readFileSync(join(workspace, '.beads/issues.jsonl'), 'utf8')).toContain(id);
    expect(git(workspace, 'status', '--porcelain', '--', '.beads/issues.jsonl')).toBe('');
    expect(git(workspace, 'show', 'origin/main:.beads/issues.jsonl')).toContain(id);
  });

  it('says so when it takes too long, and nothing more', async () => {
    copyStore(real, 'pr', workspace);
    await sync();
    expect(await sync(1)).toMatch(/are not synced: /);
  });
});
