import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { counting } from '../../src/counting-run.ts';
import type { Config } from '../../src/model/config.ts';
import { firstState, type State } from '../../src/model/state.ts';
import { readClock } from '../../src/observe/clock.ts';
import { type Observing, observe } from '../../src/observe/snapshot.ts';
import { openStore } from '../../src/store/open.ts';
import { sessionTarget, tag } from '../../src/tmux/commands.ts';
import { findTmux } from '../../src/tmux/find.ts';
import { runScript } from '../../src/tmux/script.ts';
import { layout } from '../../src/town/layout.ts';
import { defaultConfig } from '../../src/town/settings.ts';
import { type PrivateTmux, privateTmux, signal } from '../rig/tmux.ts';
import { until } from '../rig/until.ts';

let root: string;
let server: PrivateTmux;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'gt-observe-')));
  for (const dir of ['mayor', 'daemon', 'deacon', 'proj/witness', 'proj/crew/max'])
    mkdirSync(join(root, dir), { recursive: true });
  rigs('{"version":1,"rigs":{"proj":{}}}');
  server = privateTmux();
});
afterEach(async () => {
  await server.close();
  rmSync(root, { recursive: true, force: true });
});

function rigs(text: string): void {
  writeFileSync(join(root, 'mayor/rigs.json'), text);
}

function look(change: { state?: Partial<State>; path?: string[]; at?: string; timeoutMs?: number } = {}) {
  const path = change.path ?? server.env.PATH?.split(':') ?? [];
  const base = defaultConfig();
  const config: Config = {
    ...base,
    tmux: { socket: server.socket, tmpdir: server.tmpdir },
    tick: { ...base.tick, childTimeoutMs: change.timeoutMs ?? 10_000 },
  };
  const counted = counting(server.run);
  const { env } = server;
  const observing: Observing = {
    layout: layout(change.at ?? root),
    config,
    state: { ...firstState, ...change.state },
    now: readClock({ env }, { testMarker: join(root, 'daemon/test-town') }),
    env,
    path,
    run: counted.run,
    client: findTmux({ config, path, env, run: counted.run }),
    store: openStore(change.at ?? root, Date.now).overview,
  };
  return observe(observing).then((snapshot) => ({ snapshot, programs: counted.count() }));
}

async function session(name: string, agent: string | null, town: string, ...argv: string[]): Promise<void> {
  await server.tmux('new-session', '-d', '-s', name, ...argv);
  if (agent === null) return;
  const commands = tag(sessionTarget(name), { town, agent });
  await runScript(server.client, [{ id: name, commands }], { startServer: false });
}

describe('observe', () => {
  it('sees an empty town with one program run, and stays plain JSON', async () => {
    const { snapshot, programs } = await look();
    expect(programs).toBe(1);
    expect(snapshot).toMatchObject({
      town: root,
      obstacles: [],
      tmux: { known: true, value: { kind: 'absent', socket: server.client.socketPath } },
      rigs: { known: true, value: [{ name: 'proj', crew: ['max'] }] },
      holds: { known: true, value: [] },
      activity: { known: true, value: null },
      waiting: {},
      warnings: [],
    });
    expect(snapshot.agents.map((agent) => agent.id)).toEqual([
      'deacon',
      'mayor',
      'proj/witness',
      'proj/refinery',
      'proj/crew/max',
    ]);
    expect(Object.keys(snapshot.signs)).toEqual(['deacon', 'mayor', 'proj/witness']);
    expect(snapshot.programs.deacon).toMatchObject({ program: 'claude', found: null });
    expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
  });

  it('reads what runs below a shell in our own sessions only', async () => {
    await session('gt-deacon', 'deacon', root, 'sh', '-c', 'cat; true');
    await session('gt-mayor', null, root, 'sh', '-c', 'cat; true');
    await session('gt-proj-witness', 'proj/witness', '/other/town', 'sh', '-c', 'cat; true');
    await session('gt-proj-refinery', 'proj/refinery', root, 'env', 'cat');
    const below = await until('the shell’s child', async () => {
      const { snapshot } = await look();
      const panes =
        snapshot.tmux.known && snapshot.tmux.value.kind === 'running' ? snapshot.tmux.value.panes : [];
      const read = Object.fromEntries(panes.map((pane) => [pane.session, pane.descendants]));
      const deacon = read['gt-deacon'];
      return deacon?.known === true && deacon.value.length === 1 ? read : null;
    });
    expect(below).toEqual({
      'gt-deacon': { known: true, value: [{ pid: expect.any(Number), command: 'cat' }] },
      'gt-mayor': null,
      'gt-proj-witness': null,
      'gt-proj-refinery': null,
    });
  });

  it('reads what runs below every kind of shell', async () => {
    const ash = join(root, 'ash');
    copyFileSync('/bin/sh', ash);
    await session('gt-deacon', 'deacon', root, ash, '-c', 'cat; true');
    const below = await until('the shell’s child', async () => {
      const { snapshot } = await look();
      const [pane] =
        snapshot.tmux.known && snapshot.tmux.value.kind === 'running' ? snapshot.tmux.value.panes : [];
      return pane?.command === 'ash' || pane?.command === 'cat' ? pane : null;
    });
    expect([below.command, below.descendants?.known]).toEqual(['ash', true]);
  });

  it('knows the town by its real path, however it was reached', async () => {
    const link = `${root}-link`;
    symlinkSync(root, link);
    const { snapshot } = await look({ at: link });
    rmSync(link);
    expect(snapshot.town).toBe(root);
  });

  it('says where it searched when there is no tmux, and runs nothing', async () => {
    const { snapshot, programs } = await look({ path: ['/nowhere', '/else'] });
    expect(programs).toBe(0);
    expect(snapshot.tmux.known).toBe(false);
    expect(snapshot.obstacles).toMatchObject([
      { code: 'tmux-missing', exit: 69, message: expect.stringContaining('/nowhere:/else') },
    ]);
    expect(snapshot.programs.deacon?.found).toBeNull();
  });

  it('does not take a hanging tmux for an absent one', async () => {
    await session('gt-deacon', 'deacon', root, 'cat');
    const pid = await server.pid();
    signal(pid, 'SIGSTOP');
    const { snapshot } = await look({ timeoutMs: 300 });
    signal(pid, 'SIGCONT');
    expect(snapshot.tmux.known).toBe(false);
    expect(snapshot.obstacles).toMatchObject([{ code: 'tmux-not-answering', exit: 69 }]);
  });

  it('keeps the rigs it knew and whoever is at work while the registry is torn', async () => {
    rigs('{"version":1,"ri');
    await session('gt-proj-witness', 'proj/witness', root, 'cat');
    await session('gt-proj-nux', 'proj/polecats/nux', root, 'cat');
    await session('odd', 'a/b/c/d', root, 'cat');
    await session('theirs', 'else/witness', '/other/town', 'cat');
    const { snapshot } = await look({ state: { rigs: ['old'] } });
    expect(snapshot.rigs.known).toBe(false);
    expect(snapshot.agents.map((agent) => agent.id)).toEqual([
      'deacon',
      'mayor',
      'old/witness',
      'old/refinery',
      'proj/polecats/nux',
      'proj/witness',
    ]);
    expect(snapshot.warnings).not.toEqual([]);
  });

  it('names stamps that are there and cannot be read', async () => {
    writeFileSync(join(root, 'deacon/heartbeat.json'), '{"timest');
    writeFileSync(join(root, 'daemon/activity.json'), '[]');
    const { snapshot } = await look();
    expect(snapshot.signs.deacon).toMatchObject({ stamp: { known: false } });
    expect(snapshot.warnings.map((warning) => warning.code)).toEqual([
      'stamp-unreadable',
      'stamp-unreadable',
    ]);
  });

  it('refuses next to another keeper, and where the town’s server lives on elsewhere', async () => {
    await session('gt-deacon', 'deacon', root, 'env', 'cat');
    const elsewhere = privateTmux();
    await elsewhere.tmux('new-session', '-d', '-s', 'x', 'env', 'cat');
    const home = { socket: elsewhere.client.socketPath, serverPid: await elsewhere.pid(), serverStarted: 1 };
    const lock = join(root, 'daemon/daemon.lock');
    const keeper = spawn('flock', ['-F', lock, 'cat'], { stdio: ['pipe', 'ignore', 'ignore'] });
    const codes = async (state: Partial<State>) =>
      (await look({ state })).snapshot.obstacles.map((obstacle) => obstacle.code);
    await until('the keeper to be seen', async () => (await codes({})).join() === 'go-daemon');
    expect(await codes({ home })).toEqual(['go-daemon', 'socket-moved']);
    keeper.stdin.end();
    await once(keeper, 'exit');
    expect(await codes({ home })).toEqual(['socket-moved']);
    expect(await codes({ home: { ...home, serverPid: process.pid } })).toEqual([]);
    await elsewhere.close();
  });
});
