import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { rigAddCommand } from '../../src/commands/rigs/add.ts';
import { rigParkCommand, rigUnparkCommand } from '../../src/commands/rigs/park.ts';
import { rigListCommand, rigRemoveCommand } from '../../src/commands/rigs/rig.ts';
import { readHolds } from '../../src/town/holds.ts';
import { layout } from '../../src/town/layout.ts';
import { loadRigs } from '../../src/town/rigs.ts';
import { registry, scratch, townWith } from '../town/scratch.ts';
import { asked } from './asked.ts';

// Real clones on a busy machine.
vi.setConfig({ testTimeout: 30_000 });

const now = Date.parse('2026-03-01T12:00:00Z');

function git(cwd: string, ...args: readonly string[]): string {
  const { env } = asked(cwd);
  return execFileSync('git', args, { cwd, env: { ...env }, encoding: 'utf8' }).trim();
}

/** A repository with one commit on `trunk`. */
function repository(): string {
  const dir = scratch();
  git(dir, 'init', '--quiet', '--initial-branch=trunk');
  writeFileSync(`${dir}/README`, 'hello\n');
  git(dir, 'add', '.');
  git(dir, 'commit', '--quiet', '--message=first');
  git(dir, 'branch', 'other');
  return dir;
}

function json(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

function leftovers(root: string): readonly string[] {
  return readdirSync(root).filter((name) => name.startsWith('.rig-'));
}

describe('gt rig add', () => {
  it('clones a project as upstream lays rigs out', async () => {
    const { root } = townWith();
    const source = repository();
    expect(await rigAddCommand({ name: 'proj', source }, asked(root))).toBe(0);
    const rig = `${root}/proj`;
    expect(json(`${rig}/config.json`)).toEqual({
      type: 'rig',
      version: 1,
      name: 'proj',
      git_url: source,
      default_branch: 'trunk',
      created_at: '2026-03-01T12:00:00.000Z',
      beads: { prefix: 'pr' },
    });
    expect(json(`${root}/mayor/rigs.json`)).toEqual({
      version: 1,
      rigs: {
        proj: { git_url: source, added_at: '2026-03-01T12:00:00.000Z', beads: { repo: '', prefix: 'pr' } },
      },
    });
    for (const role of ['witness', 'refinery', 'mayor'])
      expect(json(`${rig}/${role}/state.json`)).toMatchObject({ role });
    expect(readdirSync(rig).sort()).toEqual([
      '.repo.git',
      'config.json',
      'crew',
      'mayor',
      'polecats',
      'refinery',
      'witness',
    ]);
    for (const checkout of ['mayor/rig', 'refinery/rig']) {
      expect(readFileSync(`${rig}/${checkout}/README`, 'utf8')).toBe('hello\n');
      expect(git(`${rig}/${checkout}`, 'status', '--porcelain')).toBe('');
      expect(git(`${rig}/${checkout}`, 'rev-parse', '--abbrev-ref', 'HEAD')).toBe('trunk');
      expect(git(`${rig}/${checkout}`, 'remote', 'get-url', 'origin')).toBe(source);
      expect(git(`${rig}/${checkout}`, 'fetch', '--dry-run')).toBe('');
      expect(git(`${rig}/${checkout}`, 'rev-parse', 'origin/other')).toBe(git(source, 'rev-parse', 'other'));
    }
    expect(git(`${rig}/.repo.git`, 'worktree', 'list')).toContain(`${rig}/refinery/rig`);
    expect(git(`${rig}/.repo.git`, 'worktree', 'prune', '--dry-run', '--verbose')).toBe('');
    expect(leftovers(root)).toEqual([]);
    expect(loadRigs(layout(root))).toEqual({
      rigs: { known: true, value: [{ name: 'proj', crew: [], polecats: [] }] },
      warnings: [],
    });
  });

  it('takes a relative path and a file URL', async () => {
    const { root } = townWith();
    const source = repository();
    expect(await rigAddCommand({ name: 'one', source: '.', town: root }, asked(source))).toBe(0);
    expect(await rigAddCommand({ name: 'two', source: `file://${source}` }, asked(root))).toBe(0);
    expect(json(`${root}/one/config.json`)).toMatchObject({ git_url: source });
  });

  it('is not led astray by the repository of whoever calls it', async () => {
    const { root } = townWith();
    const [source, callers] = [repository(), repository()];
    const before = git(callers, 'rev-parse', 'HEAD');
    const env = {
      GIT_DIR: `${callers}/.git`,
      GIT_WORK_TREE: callers,
      GIT_INDEX_FILE: `${callers}/.git/index`,
    };
    expect(await rigAddCommand({ name: 'proj', source }, asked(root, { env }))).toBe(0);
    expect(git(callers, 'rev-parse', 'HEAD')).toBe(before);
    expect(git(`${root}/proj/mayor/rig`, 'rev-parse', 'HEAD')).toBe(git(source, 'rev-parse', 'HEAD'));
  });

  it('makes an empty rig without a source', async () => {
    const { root } = townWith();
    expect(await rigAddCommand({ name: 'proj', prefix: 'xy-' }, asked(root))).toBe(0);
    expect(readdirSync(`${root}/proj`).sort()).toEqual([
      'config.json',
      'crew',
      'mayor',
      'polecats',
      'refinery',
      'witness',
    ]);
    expect(json(`${root}/proj/config.json`)).toMatchObject({ git_url: '', beads: { prefix: 'xy' } });
  });

  it('keeps what else stands in the registry', async () => {
    const { root } = townWith({
      'mayor/rigs.json': { version: 1, note: 'mine', rigs: { old: { git_url: 'u', extra: 1 } } },
    });
    await rigAddCommand({ name: 'proj' }, asked(root));
    expect(json(`${root}/mayor/rigs.json`)).toMatchObject({
      note: 'mine',
      rigs: { old: { git_url: 'u', extra: 1 }, proj: {} },
    });
  });

  it('leaves nothing behind when the clone fails, and says what git said', async () => {
    const { root } = townWith();
    const source = `file://${scratch()}/none.git`;
    await expect(rigAddCommand({ name: 'proj', source }, asked(root))).rejects.toMatchObject({
      code: 'clone-failed',
      exit: 1,
      message: expect.stringContaining('does not appear to be a git repository'),
    });
    expect(readdirSync(root).sort()).toEqual(['mayor']);
    expect(json(`${root}/mayor/rigs.json`)).toEqual({ version: 1, rigs: {} });
  });

  it('refuses a repository without a commit', async () => {
    const { root } = townWith();
    const source = scratch();
    git(source, 'init', '--quiet');
    await expect(rigAddCommand({ name: 'proj', source }, asked(root))).rejects.toMatchObject({
      code: 'repository-empty',
      exit: 1,
    });
    expect(readdirSync(root).sort()).toEqual(['mayor']);
  });

  it('names and clears what an earlier try left', async () => {
    const { root } = townWith();
    mkdirSync(`${root}/.rig-proj.partial/mayor`, { recursive: true });
    const context = asked(root);
    expect(await rigAddCommand({ name: 'proj', source: repository() }, context)).toBe(0);
    expect(context.err()).toContain('.rig-proj.partial');
    expect(leftovers(root)).toEqual([]);
  });

  it('registers a rig that stands there unregistered only when nothing is to be cloned', async () => {
    const { root } = townWith();
    await rigAddCommand({ name: 'proj', source: repository() }, asked(root));
    writeFileSync(`${root}/mayor/rigs.json`, '{"version":1,"rigs":{}}');
    await expect(rigAddCommand({ name: 'proj', source: repository() }, asked(root))).rejects.toMatchObject({
      code: 'rig-directory',
      hint: `gt rig add proj --town ${root}`,
    });
    expect(await rigAddCommand({ name: 'proj' }, asked(root))).toBe(0);
    expect(json(`${root}/mayor/rigs.json`)).toMatchObject({ rigs: { proj: { beads: { prefix: 'pr' } } } });
  });

  it('refuses a directory that is no rig, and does not touch it', async () => {
    const { root } = townWith({ 'proj/notes.txt': 'mine' });
    for (const source of [undefined, repository()]) {
      await expect(rigAddCommand({ name: 'proj', source }, asked(root))).rejects.toMatchObject({
        code: 'rig-directory',
        exit: 1,
      });
    }
    expect(readdirSync(`${root}/proj`)).toEqual(['notes.txt']);
  });

  it('refuses a rig that is registered, and names it', async () => {
    const { root } = townWith({ 'mayor/rigs.json': registry('proj') });
    await expect(rigAddCommand({ name: 'proj' }, asked(root))).rejects.toMatchObject({
      code: 'rig-exists',
      exit: 1,
      message: expect.stringContaining('proj'),
    });
  });

  it.each([
    [{ name: 'a.b' }, 64],
    [{ name: '../x' }, 64],
    [{ name: '-x' }, 64],
    [{ name: 'mayor' }, 64],
    [{ name: 'p', source: '--upload-pack=touch x' }, 64],
    [{ name: 'p', source: '-x' }, 64],
    [{ name: 'p', source: 'ext::sh -c "touch x"' }, 64],
    [{ name: 'p', source: 'no/such/path' }, 64],
    [{ name: 'p', source: 'a\nb' }, 64],
    [{ name: 'p', prefix: 'A b' }, 64],
    [{ name: 'p', prefix: 'ol' }, 64],
  ])('refuses %j and makes nothing', async (options, exit) => {
    const { root } = townWith({ 'mayor/rigs.json': registry('old') });
    await expect(rigAddCommand(options, asked(root))).rejects.toMatchObject({ exit });
    expect(readdirSync(root)).toEqual(['mayor']);
  });

  it('does not add to a registry it cannot read', async () => {
    const { root, rigsFile } = townWith({ 'mayor/rigs.json': '{"version":1,' });
    await expect(rigAddCommand({ name: 'proj' }, asked(root))).rejects.toMatchObject({ exit: 65 });
    expect(readFileSync(rigsFile, 'utf8')).toBe('{"version":1,');
  });

  it('says that git is missing', async () => {
    const { root } = townWith();
    const { createRun } = await import('../../src/run.ts');
    const context = asked(root, { run: createRun({ path: [scratch()] }) });
    await expect(rigAddCommand({ name: 'proj', source: repository() }, context)).rejects.toMatchObject({
      code: 'git-missing',
      exit: 69,
    });
    expect(leftovers(root)).toEqual([]);
  });

  it('never shows a password', async () => {
    const { root } = townWith();
    const bin = scratch();
    writeFileSync(
      `${bin}/git`,
      '#!/bin/sh\necho "fatal: unable to access \'https://ann:hunter2@host/x\'" >&2\nexit 128\n',
    );
    chmodSync(`${bin}/git`, 0o755);
    const { createRun } = await import('../../src/run.ts');
    const context = asked(root, { run: createRun({ path: [bin] }), isTerminal: false });
    const added = rigAddCommand({ name: 'proj', source: 'https://ann:hunter2@host/x' }, context);
    await expect(added).rejects.toMatchObject({ message: expect.not.stringContaining('hunter2') });
    expect(context.err() + context.out()).not.toContain('hunter2');
  });

  it('shows git’s own progress on a terminal and nothing elsewhere', async () => {
    const { root } = townWith();
    const source = `file://${repository()}`;
    const [watched, quiet] = [asked(root, { isTerminal: true }), asked(root)];
    await rigAddCommand({ name: 'one', source }, watched);
    await rigAddCommand({ name: 'two', source }, quiet);
    expect(watched.err()).toMatch(/Cloning .*objects/s);
    expect(quiet.err()).toBe('');
  });

  it('gives two adds at once two rigs, and one name to one of them', async () => {
    const { root } = townWith();
    const source = repository();
    await Promise.all([
      rigAddCommand({ name: 'one', source }, asked(root)),
      rigAddCommand({ name: 'two', source }, asked(root)),
    ]);
    expect(loadRigs(layout(root)).rigs).toMatchObject({ value: [{ name: 'one' }, { name: 'two' }] });
    const both = await Promise.allSettled(
      [1, 2].map(() => rigAddCommand({ name: 'three', source }, asked(root))),
    );
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });
});

describe('gt rig list', () => {
  it('keeps upstream’s keys', async () => {
    const { root } = townWith({
      'mayor/rigs.json': registry('proj'),
      'proj/crew/max/x': '',
      'proj/polecats/nux/x': '',
    });
    const context = asked(root);
    await rigListCommand({ json: true, sessions: async () => new Set(['gt-proj-witness']) }, context);
    expect(JSON.parse(context.out())).toMatchObject([
      {
        name: 'proj',
        beads_prefix: 'pr',
        status: 'operational',
        witness: 'running',
        refinery: 'stopped',
        polecats: 1,
        crew: 1,
      },
    ]);
  });

  it('says so when it cannot tell who runs, what is parked, or where a rig is', async () => {
    const { root } = townWith({
      'mayor/rigs.json': registry('gone', 'proj'),
      'proj/x': '',
      'daemon/holds.json': '{',
    });
    const context = asked(root);
    expect(await rigListCommand({ json: true }, context)).toBe(0);
    expect(JSON.parse(context.out())).toMatchObject([
      { name: 'gone', status: 'unusable' },
      { name: 'proj', status: 'unknown', witness: 'unknown' },
    ]);
    expect(context.err()).toContain('gone does not exist');
    expect(context.err()).toContain('holds.json');
  });

  it('tells a newcomer how to add the first rig', async () => {
    const context = asked(townWith().root);
    await rigListCommand({}, context);
    expect(context.out()).toContain('gt rig add NAME GIT_URL');
  });
});

describe('gt rig remove', () => {
  it('takes a rig out of the registry, keeps its files and names its sessions', async () => {
    const { root } = townWith({
      'mayor/rigs.json': registry('proj', 'rest'),
      'proj/crew/max/work.txt': 'unsaved',
      'rest/x': '',
    });
    const context = asked(root);
    expect(
      await rigRemoveCommand(
        { name: 'proj', sessions: async () => new Set(['gt-proj-witness', 'gt-rest-witness']) },
        context,
      ),
    ).toBe(0);
    expect(existsSync(`${root}/proj/crew/max/work.txt`)).toBe(true);
    expect(json(`${root}/mayor/rigs.json`)).toEqual(registry('rest'));
    expect(context.out()).toContain(`tmux -L default kill-session -t '=gt-proj-witness'`);
    expect(context.out()).not.toContain('gt-proj-refinery');
    expect(readFileSync(`${root}/daemon/events.jsonl`, 'utf8')).toContain(
      'proj was taken out of the town by ann',
    );
  });

  it.each(['proj/crew/max', 'nonsense'])('is not for %s to do', async (role) => {
    const { root } = townWith({ 'mayor/rigs.json': registry('proj'), 'proj/crew/max/x': '' });
    const context = asked(root);
    const asRole = { ...context, env: { ...context.env, GT_ROLE: role } };
    await expect(rigRemoveCommand({ name: 'proj' }, asRole)).rejects.toMatchObject({ exit: 77 });
    expect(json(`${root}/mayor/rigs.json`)).toEqual(registry('proj'));
  });

  it('refuses a rig that is not there, with the one probably meant', async () => {
    const { root } = townWith({ 'mayor/rigs.json': registry('proj') });
    await expect(rigRemoveCommand({ name: 'porj' }, asked(root))).rejects.toMatchObject({
      exit: 1,
      message: expect.stringContaining('Did you mean proj?'),
    });
  });
});

describe('gt rig park', () => {
  it('parks a rig until it is unparked, once', async () => {
    const { root } = townWith({ 'mayor/rigs.json': registry('proj'), 'proj/x': '' });
    const town = layout(root);
    expect(await rigParkCommand({ name: 'proj', reason: 'broken' }, asked(root))).toBe(0);
    expect(readHolds(town, now)).toEqual({
      known: true,
      value: [
        {
          target: 'proj',
          kind: 'parked',
          reason: 'broken',
          by: 'ann',
          since: '2026-03-01T12:00:00.000Z',
          until: null,
        },
      ],
    });
    const again = asked(root);
    expect(await rigParkCommand({ name: 'proj', reason: 'other' }, again)).toBe(0);
    expect(again.out()).toContain('already: broken, by ann');
    expect(await rigUnparkCommand({ name: 'proj' }, asked(root))).toBe(0);
    expect(readHolds(town, now)).toEqual({ known: true, value: [] });
    const idle = asked(root);
    expect(await rigUnparkCommand({ name: 'proj' }, idle)).toBe(0);
    expect(idle.out()).toContain('was not parked');
  });

  it('keeps the other holds', async () => {
    const other = { target: 'deacon', kind: 'hold', reason: 'r', by: 'b', since: null, until: null };
    const { root, holdsFile } = townWith({
      'mayor/rigs.json': registry('proj'),
      'daemon/holds.json': { version: 1, holds: [other] },
    });
    await rigParkCommand({ name: 'proj' }, asked(root));
    await rigUnparkCommand({ name: 'proj' }, asked(root));
    expect(json(holdsFile)).toEqual({ version: 1, holds: [other] });
  });

  it('does not rewrite holds it cannot understand', async () => {
    const { root, holdsFile } = townWith({
      'mayor/rigs.json': registry('proj'),
      'daemon/holds.json': '{"version":1,"holds":[5]}',
    });
    await expect(rigParkCommand({ name: 'proj' }, asked(root))).rejects.toMatchObject({ exit: 65 });
    expect(readFileSync(holdsFile, 'utf8')).toBe('{"version":1,"holds":[5]}');
  });

  it('parks even when the registry cannot be read: stop means stop', async () => {
    const { root } = townWith({ 'mayor/rigs.json': '' });
    expect(await rigParkCommand({ name: 'proj' }, asked(root))).toBe(0);
  });

  it('refuses a rig that does not exist, and says what else holds one', async () => {
    const { root } = townWith({
      'mayor/rigs.json': registry('proj'),
      '.beads-wisp/config/proj.json': { values: { status: 'docked' } },
    });
    await expect(rigParkCommand({ name: 'nope' }, asked(root))).rejects.toMatchObject({ exit: 1 });
    const context = asked(root);
    expect(await rigUnparkCommand({ name: 'proj' }, context)).toBe(1);
    expect(context.err()).toContain('docked');
  });
});
