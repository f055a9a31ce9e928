import { mkdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Tmux } from '../../src/model/pane.ts';
import type { Home } from '../../src/model/state.ts';
import { findHomeObstacle } from '../../src/observe/home.ts';
import { standingOfServer } from '../../src/observe/server.ts';
import { openTmux } from '../../src/tmux/client.ts';
import { listPanes } from '../../src/tmux/panes.ts';
import { defaultConfig } from '../../src/town/settings.ts';
import { type PrivateTmux, privateTmux } from '../rig/tmux.ts';
import { until } from '../rig/until.ts';

let server: PrivateTmux;
beforeEach(async () => {
  server = privateTmux();
  await server.tmux('new-session', '-d', '-s', 'gt-deacon', 'cat');
  await server.pid();
});
afterEach(() => server.close());

async function answerAt(tmpdir: string): Promise<Tmux> {
  const { run, socket, env } = server;
  const answer = await listPanes(openTmux({ socket, tmpdir, env, run, file: 'tmux', timeoutMs: 5_000 }));
  if (!answer.known) throw new Error(answer.reason);
  return answer.value;
}

async function homeNow(): Promise<Home> {
  const answer = await answerAt(server.tmpdir);
  if (answer.kind === 'absent') throw new Error('no server');
  return { socket: answer.socket, serverPid: answer.pid, serverStarted: answer.started };
}

async function obstacle(home: Home | null, tmpdir = server.tmpdir) {
  const config = { ...defaultConfig(), tmux: { socket: server.socket, tmpdir } };
  return findHomeObstacle({ home, answer: await answerAt(tmpdir), config, run: server.run, env: server.env });
}

describe('the town’s home', () => {
  it('is where it was: nothing to say, also for a town that never had one', async () => {
    expect(await obstacle(await homeNow())).toBeNull();
    expect(await obstacle(null)).toBeNull();
  });

  it('whose server ended is simply absent', async () => {
    const home = await homeNow();
    await server.tmux('kill-server');
    await until('the end', async () => (await answerAt(server.tmpdir)).kind === 'absent');
    await until(
      'the process to be gone',
      async () => (await standingOfServer(home, server.run, server.env)) === 'gone',
    );
    expect(await obstacle(home)).toBeNull();
  });

  it('whose socket was deleted under a living server is named, and the remedy works', async () => {
    const home = await homeNow();
    unlinkSync(home.socket);
    const found = await obstacle(home);
    expect(found).toMatchObject({ code: 'socket-vanished', exit: 69 });
    expect(found?.message).toContain(home.socket);
    expect(found?.message).toContain(`kill -USR1 ${home.serverPid}`);
    process.kill(home.serverPid, 'SIGUSR1');
    await until('the socket to be back', async () => (await obstacle(home)) === null);
  });

  it('is still missed when somebody started a second server on the deleted socket', async () => {
    const home = await homeNow();
    unlinkSync(home.socket);
    await server.tmux('new-session', '-d', '-s', 'mine', 'cat');
    const second = await server.pid();
    const found = await obstacle(home);
    expect(found).toMatchObject({ code: 'socket-vanished' });
    expect(found?.message).toContain(`(pid ${second})`);
    expect(found?.message).toContain(`tmux -S ${home.socket} kill-server`);
    await server.tmux('kill-server');
    process.kill(home.serverPid, 'SIGTERM');
  });

  it('under another TMUX_TMPDIR is refused, naming both sockets', async () => {
    const home = await homeNow();
    const elsewhere = join(server.tmpdir, 'elsewhere');
    mkdirSync(elsewhere);
    const found = await obstacle(home, elsewhere);
    expect(found).toMatchObject({ code: 'socket-moved', exit: 69 });
    expect(found?.message).toContain(home.socket);
    expect(found?.message).toContain(`${elsewhere}/`);
  });

  it('in a directory that does not exist is refused before tmux goes elsewhere', async () => {
    const found = await obstacle(null, join(server.tmpdir, 'missing'));
    expect(found).toMatchObject({ code: 'socket-moved', message: expect.stringContaining('mkdir') });
  });

  it('is not believed of another program that got the pid', async () => {
    const home = await homeNow();
    expect(await standingOfServer(home, server.run, server.env)).toBe('alive');
    expect(await standingOfServer({ ...home, serverPid: process.pid }, server.run, server.env)).toBe('gone');
    expect(await standingOfServer({ ...home, socket: '/tmp/other' }, server.run, server.env)).toBe('gone');
    expect(await standingOfServer({ ...home, serverPid: 2 ** 22 + 7 }, server.run, server.env)).toBe('gone');
  });
});
