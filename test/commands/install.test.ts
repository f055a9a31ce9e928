import {
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { installCommand } from '../../src/commands/install/install.ts';
import { Failure } from '../../src/exit.ts';
import { layout } from '../../src/town/layout.ts';
import { loadRigs } from '../../src/town/rigs.ts';
import { loadConfig, readConfig } from '../../src/town/settings.ts';
import { scratch, townWith } from '../town/scratch.ts';
import { asked } from './asked.ts';

// Many synced writes on a busy machine.
vi.setConfig({ testTimeout: 30_000 });

function json(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** Every file below a directory with its content. */
function tree(dir: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => [
        join(entry.parentPath, entry.name),
        readFileSync(join(entry.parentPath, entry.name), 'utf8'),
      ]),
  );
}

describe('gt install', () => {
  it('makes a town as upstream knows it, which every reader accepts', async () => {
    const dir = scratch();
    const context = asked(dir);
    expect(await installCommand({ dir: 'gt' }, context)).toBe(0);
    const root = `${dir}/gt`;
    expect(json(`${root}/mayor/town.json`)).toEqual({
      type: 'town',
      version: 2,
      name: 'gt',
      created_at: '2026-03-01T12:00:00.000Z',
    });
    expect(json(`${root}/mayor/rigs.json`)).toEqual({ version: 1, rigs: {} });
    expect(json(`${root}/mayor/state.json`)).toEqual({
      role: 'mayor',
      last_active: '2026-03-01T12:00:00.000Z',
    });
    expect(readConfig(layout(root))).toMatchObject({ kind: 'ok', problems: [] });
    expect(loadRigs(layout(root))).toEqual({ rigs: { known: true, value: [] }, warnings: [] });
    expect(statSync(`${root}/daemon`).mode & 0o777).toBe(0o700);
    expect(statSync(`${root}/settings/config.json`).mode & 0o777).toBe(0o600);
    expect(context.out()).toContain(`gt tick --dry-run --town ${root}`);
  });

  it('spells out what agents may do in the operator’s own file, and says it', async () => {
    const dir = scratch();
    const context = asked(dir);
    await installCommand({}, context);
    expect(json(`${dir}/settings/config.json`)).toMatchObject({
      default_agent: 'claude',
      agents: { claude: { command: 'claude', args: ['--dangerously-skip-permissions'] } },
    });
    expect(context.out()).toContain('Agents run: claude --dangerously-skip-permissions');
    expect(context.err()).toContain('claude was not found');
  });

  it('records where programs are and which tmux server is meant', async () => {
    const dir = scratch();
    await installCommand({ socket: 'mine' }, asked(dir, { env: { TMUX_TMPDIR: dir } }));
    const { config } = loadConfig(layout(dir));
    expect(config.path).toEqual(
      ['/usr/local/bin', '/usr/bin', '/bin'].filter((path) => statSync(path, { throwIfNoEntry: false })),
    );
    expect(config.tmux).toEqual({ socket: 'mine', tmpdir: dir });
  });

  it('takes a command line as an agent of its own, without a shell', async () => {
    const dir = scratch();
    writeFileSync(`${dir}/agent`, '#!/bin/sh\n', { mode: 0o755 });
    const context = asked(dir);
    expect(await installCommand({ agent: `./agent 'two words' --x` }, context)).toBe(0);
    expect(context.err()).toBe('');
    expect(loadConfig(layout(dir)).config.runtimes.custom).toMatchObject({
      command: `${dir}/agent`,
      args: ['two words', '--x'],
      processes: ['agent'],
    });
  });

  it('changes nothing the second time, whatever the files hold', async () => {
    const dir = scratch();
    await installCommand({}, asked(dir));
    writeFileSync(`${dir}/settings/config.json`, '{ broken');
    writeFileSync(`${dir}/mayor/rigs.json`, '');
    const before = tree(dir);
    const context = asked(dir);
    expect(await installCommand({}, context)).toBe(0);
    expect(tree(dir)).toEqual(before);
    expect(context.out()).toContain('nothing was changed');
  });

  it('writes down who oversees the town as git knows them, in private and once', async () => {
    const dir = scratch();
    const file = `${dir}/gt/mayor/overseer.json`;
    const home = scratch();
    await installCommand({ dir: 'gt' }, asked(dir));
    expect(statSync(file, { throwIfNoEntry: false })).toBeUndefined();
    writeFileSync(`${home}/.gitconfig`, '[user]\n\tname = Ann Smith\n\temail = ann@example.org\n');
    const named = asked(dir, { env: { HOME: home } });
    expect(await installCommand({ dir: 'gt', json: true }, named)).toBe(0);
    expect(JSON.parse(named.out()).made).toEqual(['mayor/overseer.json']);
    expect(json(file)).toEqual({
      type: 'overseer',
      version: 1,
      name: 'Ann Smith',
      email: 'ann@example.org',
      source: 'git-config',
    });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    writeFileSync(file, '{"name":"Bob"}');
    await installCommand({ dir: 'gt' }, asked(dir, { env: { HOME: home } }));
    expect(json(file)).toEqual({ name: 'Bob' });
  });

  it('puts back what is missing and leaves the rest', async () => {
    const dir = scratch();
    await installCommand({}, asked(dir));
    rmSync(`${dir}/mayor/rigs.json`);
    const context = asked(dir);
    expect(await installCommand({ json: true }, context)).toBe(0);
    expect(JSON.parse(context.out())).toMatchObject({
      schema: 'gt.install/1',
      town: dir,
      made: ['mayor/rigs.json'],
    });
  });

  it('says so when what was asked for does not hold in a town that was there', async () => {
    const dir = scratch();
    await installCommand({ socket: 'a' }, asked(dir));
    const context = asked(dir);
    expect(await installCommand({ socket: 'b', agent: 'codex' }, context)).toBe(1);
    expect(context.err()).toContain('tick.socket');
    expect(context.err()).toContain('default_agent');
    expect(await installCommand({ socket: 'a', agent: 'claude' }, asked(dir))).toBe(0);
  });

  it('makes one town of many installs at once', async () => {
    const dir = scratch();
    const results = await Promise.all(Array.from({ length: 8 }, () => installCommand({}, asked(dir))));
    expect(results).toEqual(Array(8).fill(0));
    expect(readConfig(layout(dir)).kind).toBe('ok');
    expect(readdirSync(`${dir}/mayor`).sort()).toEqual(['rigs.json', 'state.json', 'town.json']);
  });

  it('refuses a town inside a town, and names the outer one', async () => {
    const { root } = townWith();
    mkdirSync(`${root}/proj`);
    symlinkSync(`${root}/proj`, `${scratch()}/link`);
    for (const dir of [`${root}/inner/deep`, `${root}/proj`]) {
      await expect(installCommand({ dir }, asked('/'))).rejects.toMatchObject({
        code: 'nested-town',
        exit: 73,
        message: expect.stringContaining(root),
      });
    }
    expect(readdirSync(root)).not.toContain('inner');
  });

  it.each([
    [{ dir: 'a\tb' }, 73],
    [{ dir: 'a\nb' }, 73],
    [{ dir: '/' }, 73],
    [{ dir: '/home-of-ann' }, 73],
    [{ dir: '/etc/hostname/x' }, 73],
    [{ socket: '../x' }, 64],
    [{ socket: '-x' }, 64],
    [{ agent: 'cladue' }, 64],
    [{ agent: 'claude | tee x' }, 64],
    [{ store: 'beads' }, 69],
    [{ store: 'bead' }, 64],
  ])('refuses %j and makes nothing', async (options, exit) => {
    const dir = scratch();
    await expect(
      installCommand(options, asked(dir, { env: { HOME: '/home-of-ann' } })),
    ).rejects.toMatchObject({ exit });
    expect(readdirSync(dir)).toEqual([]);
  });

  it('suggests the preset that was probably meant', async () => {
    await expect(installCommand({ agent: 'cladue' }, asked(scratch()))).rejects.toMatchObject({
      hint: 'gt install --agent claude',
    });
  });

  it('makes the town where a link leads', async () => {
    const dir = scratch();
    const link = `${scratch()}/link`;
    symlinkSync(dir, link);
    const context = asked('/');
    await installCommand({ dir: link, json: true }, context);
    expect(JSON.parse(context.out())).toMatchObject({ town: realpathSync(dir) });
  });

  it('fails with a Failure, never a bare error, where nothing can be made', async () => {
    await expect(installCommand({ dir: '/proc/town' }, asked('/'))).rejects.toBeInstanceOf(Failure);
  });
});
