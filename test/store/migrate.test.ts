import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Context } from '../../src/commands/context.ts';
import { migrateCommand } from '../../src/commands/store/migrate.ts';
import { exitStatus } from '../../src/exit.ts';
import { readBeads, retireBeads } from '../../src/store/beads/contents.ts';
import { beadsOf } from '../../src/store/beads/open.ts';
import { missingFrom } from '../../src/store/contents.ts';
import { importFiles, readFiles } from '../../src/store/files/contents.ts';
import { openFiles } from '../../src/store/files/open.ts';
import { retireFiles } from '../../src/store/files/retire.ts';
import { openStore } from '../../src/store/open.ts';
import type { Store } from '../../src/store/port.ts';
import { draft, valueIn } from '../contract/store-contract.ts';
import { type Bd, bdEnv, builtBd, runBd, withoutBd } from '../rig/bd.ts';
import { type BeadsTown, beadsTown, copyStore } from '../rig/beads-town.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 60_000 });

const version = '0.47.1';
const bd = builtBd(version);

describe.skipIf(bd === null)(`moving the store${bd === null ? ` ${withoutBd(version)}` : ''}`, () => {
  const real: Bd = bd ?? { version, dir: '' };
  let town: BeadsTown;
  let root: string;
  let printed: string;
  let context: Context;

  beforeEach(() => {
    town = beadsTown(real);
    root = town.root;
    for (const dir of ['mayor', 'daemon', 'settings']) mkdirSync(join(root, dir));
    writeFileSync(join(root, 'mayor/town.json'), '{"type":"town","version":2,"name":"t"}');
    writeFileSync(join(root, 'mayor/rigs.json'), '{"version":1,"rigs":{}}');
    settings('files');
    printed = '';
    context = {
      env: bdEnv(real, root),
      cwd: root,
      stdout: (text) => {
        printed += text;
      },
      stderr: () => undefined,
      isTerminal: false,
      now: () => new Date(),
      run: () => Promise.reject(new Error('nothing is to be run')),
    };
  });
  afterEach(() => town.remove());

  const settings = (store: string) =>
    writeFileSync(
      join(root, 'settings/config.json'),
      JSON.stringify({ type: 'town-settings', version: 1, store, role_agents: { mayor: 'claude' } }),
    );
  const store = () => openStore(root, Date.now, { env: town.env });
  const migrate = (to: string, dryRun = false) =>
    migrateCommand({ town: root, to, dryRun, json: true }, context);

  async function fill(into: Store) {
    const send = async (more: object) => {
      const [sent] = valueIn(await into.mail.send({ ...draft, ...more }));
      return sent?.id ?? '';
    };
    await send({ cc: ['mayor'], subject: 'with a copy', priority: 'high', pinned: true });
    const request = await send({ subject: 'LIFECYCLE: mayor requesting cycle', body: '{"action":"cycle"}' });
    await into.mail.claim(request, 'pass-1');
    const read = await send({ subject: 'nul \0 and "quotes", commas', body: 'line\nünïcode 🚀\0' });
    await into.mail.settle(read, { outcome: 'read', by: 'deacon/', reason: null });
    await into.agents.put({
      agent: 'mayor',
      state: 'idle',
      notifications: 'muted',
      cleanup: null,
      updated: '2026-11-21T07:00:00.000Z',
    });
    const { id } = valueIn(
      await into.work.create({ title: 'fix it', description: 'soon', by: 'mayor/', priority: 1 }),
    );
    await into.work.hook(id, 'proj/polecats/toast');
    await into.work.create({ title: 'later', description: '', by: 'mayor/', priority: 3 });
  }

  it('only says what would be moved, when that is what is asked', async () => {
    await fill(openFiles(root, { now: Date.now }));
    const before = readdirSync(root, { recursive: true }).length;
    expect(await migrate('beads', true)).toBe(exitStatus.done);
    expect(JSON.parse(printed)).toMatchObject({
      from: 'files',
      to: 'beads',
      counts: { mail: 4, agents: 1, work: 2 },
      moved: false,
    });
    expect(readdirSync(root, { recursive: true })).toHaveLength(before);
  });

  it('there and back again changes nothing that anybody could read', async () => {
    await fill(openFiles(root, { now: Date.now }));
    const was = valueIn(await readFiles(root, Date.now));
    expect(await migrate('beads')).toBe(exitStatus.done);
    expect(JSON.parse(printed)).toMatchObject({ moved: true, counts: { mail: 4, agents: 1, work: 2 } });
    expect(JSON.parse(readFileSync(join(root, 'settings/config.json'), 'utf8'))).toMatchObject({
      store: 'beads',
      role_agents: { mayor: 'claude' },
    });
    expect(existsSync(join(root, 'mail'))).toBe(false);
    expect(readdirSync(root).filter((name) => /\.moved-/.test(name))).toHaveLength(2);
    // The agents' own tool reads what was moved.
    const listed: { title: string; status: string }[] = JSON.parse(
      runBd(root, ['list', '--json', '--limit', '0', '--type=message'], town.env),
    );
    expect(listed.map(({ title, status }) => [title, status]).sort()).toEqual([
      ['LIFECYCLE: mayor requesting cycle', 'in_progress'],
      ['with a copy', 'open'],
      ['with a copy', 'open'],
    ]);
    expect(valueIn(await store().overview()).waiting).toEqual({ deacon: 1, mayor: 1 });

    printed = '';
    expect(await migrate('files')).toBe(exitStatus.done);
    const is = valueIn(await readFiles(root, Date.now));
    const idOf = (id: string) => `hq-${id.slice(3)}`;
    expect(missingFrom(was, is, idOf)).toEqual([]);
    expect(is.mail).toHaveLength(was.mail.length);
    expect(valueIn(await store().overview()).waiting).toEqual({ deacon: 1, mayor: 1 });
    expect(runBd(root, ['list', '--json', '--limit', '0', '--type=message'], town.env).trim()).toBe('[]');
  });

  it('finishes a move that was cut short after the switch, without touching what went on in the new store', async () => {
    await fill(openFiles(root, { now: Date.now }));
    cpSync(join(root, 'mail'), join(root, 'mail.kept'), { recursive: true });
    cpSync(join(root, 'store'), join(root, 'store.kept'), { recursive: true });
    expect(await migrate('beads')).toBe(exitStatus.done);
    // As a kill would have left it: all of it still there, and one more that came in meanwhile.
    renameSync(join(root, 'mail.kept'), join(root, 'mail'));
    renameSync(join(root, 'store.kept'), join(root, 'store'));
    await openFiles(root, { now: Date.now }).mail.send({ ...draft, to: 'mayor', subject: 'late' });
    const [first] = valueIn(await store().mail.inbox('mayor')).items;
    await store().mail.settle(first?.id ?? '', { outcome: 'read', by: 'mayor/', reason: null });
    const [item] = valueIn(await store().work.list()).items;
    await store().work.close(item?.id ?? '', 'mayor/', null);

    expect(await migrate('beads')).toBe(exitStatus.done);
    const { items } = valueIn(await store().mail.inbox('mayor'));
    expect(items.map(({ subject }) => subject)).toEqual(['late']);
    expect(valueIn(await store().work.list()).items).toHaveLength(1);
    expect(existsSync(join(root, 'mail'))).toBe(false);
    await expect(migrate('beads')).rejects.toMatchObject({ code: 'store-same' });
  });

  it('finishes one into files too: what waits in the beads is added, and closed there', async () => {
    expect(await migrate('beads')).toBe(exitStatus.done);
    await fill(store());
    settings('files');
    expect(await migrate('files')).toBe(exitStatus.done);
    expect(valueIn(await store().overview()).waiting).toEqual({ deacon: 1, mayor: 1 });
    await expect(migrate('files')).rejects.toMatchObject({ code: 'store-same' });
  });

  it('puts right what a move cut short before the switch had copied, and has changed since', async () => {
    settings('beads');
    await fill(store());
    const copied = valueIn(await readBeads(beadsOf(root, { env: town.env, now: Date.now })));
    valueIn(await importFiles(root, copied, Date.now));
    const [first] = valueIn(await store().mail.inbox('mayor')).items;
    await store().mail.settle(first?.id ?? '', { outcome: 'read', by: 'mayor/', reason: null });
    const [hooked] = valueIn(await store().work.hooked()).items;
    await store().work.unhook(hooked?.id ?? '');
    expect(await migrate('files')).toBe(exitStatus.done);
    const overview = valueIn(await store().overview());
    expect([overview.waiting, overview.hooked]).toEqual([{ deacon: 1 }, []]);
    expect(valueIn(await store().work.list()).items).toHaveLength(2);
  });

  it('puts out of the way only what was moved, and names the rest', async () => {
    const files = openFiles(root, { now: Date.now });
    await fill(files);
    const copied = valueIn(await readFiles(root, Date.now));
    const [late] = valueIn(await files.mail.send({ ...draft, subject: 'late' }));
    const { stay } = retireFiles(root, 'now', copied);
    expect(stay).toEqual([`mail/deacon/new/${late?.id}.json`]);
    expect(valueIn(await files.mail.inbox('deacon')).items.map(({ subject }) => subject)).toEqual(['late']);
    expect(existsSync(join(root, 'store'))).toBe(false);

    settings('beads');
    await fill(store());
    const beads = beadsOf(root, { env: town.env, now: Date.now });
    const moved = valueIn(await readBeads(beads));
    const [later] = valueIn(await store().mail.send({ ...draft, subject: 'later' }));
    expect(valueIn(await retireBeads(beads, moved)).stay).toEqual([later?.id]);
    expect(valueIn(await store().mail.inbox('deacon')).items.map(({ subject }) => subject)).toEqual([
      'later',
    ]);
  });

  it('works where a rig’s prefix is the one of our mail', async () => {
    copyStore(real, 'gm', join(root, 'proj'));
    writeFileSync(join(root, '.beads/routes.jsonl'), '{"prefix":"gm-","path":"proj"}\n');
    await fill(openFiles(root, { now: Date.now }));
    expect(await migrate('beads')).toBe(exitStatus.done);
    expect(valueIn(await store().overview()).waiting).toEqual({ deacon: 1, mayor: 1 });
  });

  it('stops where the copy does not read back the same, with nothing switched', async () => {
    await fill(openFiles(root, { now: Date.now }));
    const shim = join(root, 'shim');
    mkdirSync(shim);
    const script = `#!/bin/sh\ncase "$*" in *" import "*) exit 0 ;; esac\nexec ${real.dir}/bd "$@"\n`;
    writeFileSync(join(shim, 'bd'), script, { mode: 0o755 });
    context = { ...context, env: bdEnv(real, root, shim) };
    await expect(migrate('beads')).rejects.toThrow(/did not read back the same/);
    expect(existsSync(join(root, 'mail'))).toBe(true);
    expect(readFileSync(join(root, 'settings/config.json'), 'utf8')).toContain('"store":"files"');
  });
});
