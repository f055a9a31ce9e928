import { mkdtempSync, rmSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Pane, Tmux } from '../../src/model/pane.ts';
import { openTmux } from '../../src/tmux/client.ts';
import { sessionTarget } from '../../src/tmux/commands.ts';
import { listPanes, readPanes } from '../../src/tmux/panes.ts';
import { type PrivateTmux, privateTmux } from '../rig/tmux.ts';
import { until } from '../rig/until.ts';

let server: PrivateTmux;
beforeEach(() => {
  server = privateTmux();
});
afterEach(() => server.close());

const dir = mkdtempSync(join(tmpdir(), 'gt-panes-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

async function ask(): Promise<Tmux> {
  const answer = await listPanes(server.client);
  if (!answer.known) throw new Error(answer.reason);
  return answer.value;
}

async function panes(): Promise<readonly Pane[]> {
  const answer = await ask();
  return answer.kind === 'running' ? answer.panes : [];
}

describe('listPanes', () => {
  it('says absent without a server, before the first one and after the last', async () => {
    expect(await ask()).toEqual({ kind: 'absent', socket: server.client.socketPath });
    await server.tmux('new-session', '-d', '-s', 'x', 'cat');
    await server.pid();
    await server.tmux('kill-server');
    expect(await until('absence', async () => (await ask()).kind === 'absent')).toBe(true);
  });

  it('tells a server without sessions from no server', async () => {
    await server.tmux('new-session', '-d', '-s', 'x', 'cat', ';', 'set-option', '-s', 'exit-empty', 'off');
    const pid = await server.pid();
    await server.tmux('kill-session', '-t', '=x:');
    expect(await ask()).toMatchObject({ kind: 'running', pid, panes: [] });
  });

  it('names the server and describes its panes', async () => {
    await server.tmux('new-session', '-d', '-s', 'gt-deacon', '-x', '120', '-y', '40', 'cat');
    const pid = await server.pid();
    const answer = await ask();
    expect(answer).toMatchObject({ kind: 'running', socket: server.client.socketPath, pid });
    const [pane] = await panes();
    expect(pane).toMatchObject({
      session: 'gt-deacon',
      pane: '%0',
      columns: 120,
      dead: null,
      attached: 0,
      inMode: false,
      town: null,
      agent: null,
      agentPane: null,
      descendants: null,
    });
    expect(pane?.pid).toBeGreaterThan(1);
    const now = Date.now() / 1000;
    for (const seconds of [pane?.created, pane?.activity])
      expect(Math.abs(now - (seconds ?? 0))).toBeLessThan(600);
  });

  it('keeps exact names apart: asking for x does not find x-boot', async () => {
    await server.tmux('new-session', '-d', '-s', 'x-boot', 'cat');
    expect((await panes()).map((pane) => pane.session)).toEqual(['x-boot']);
    const has = await server.client.call(['has-session', '-t', sessionTarget('x')]);
    expect(has).toMatchObject({ ok: false, stderr: "can't find session: x\n" });
    expect(await server.client.call(['has-session', '-t', 'x'])).toMatchObject({ ok: true });
  });

  it('shows names as tmux stored them: dots and colons are gone', async () => {
    await server.tmux('new-session', '-d', '-s', 'my.app:x', 'cat');
    expect((await panes()).map((pane) => pane.session)).toEqual(['my_app_x']);
  });

  it('finds the recorded pane among windows and splits, with base-index 1 and the focus elsewhere', async () => {
    await server.tmux('new-session', '-d', '-s', 'keep', 'cat', ';', 'set-option', '-g', 'base-index', '1');
    await server.tmux('new-session', '-d', '-s', 'busy', 'cat');
    await server.tmux('set-option', '-F', '-t', '=busy:', '@gt_pane', '#{pane_id}');
    const recorded = await server.tmux('display-message', '-p', '-t', '=busy:', '#{pane_id}');
    await server.tmux('split-window', '-t', '=busy:', 'cat');
    await server.tmux('new-window', '-t', '=busy:', 'cat');
    const busy = (await panes()).filter((pane) => pane.session === 'busy');
    expect(busy).toHaveLength(3);
    expect(new Set(busy.map((pane) => pane.agentPane))).toEqual(new Set([recorded]));
    expect(busy.filter((pane) => pane.pane === pane.agentPane)).toHaveLength(1);
  });

  it('gives status, signal and time of a dead pane', async () => {
    await server.tmux(
      'new-session',
      '-d',
      '-s',
      'keep',
      'cat',
      ';',
      'set-option',
      '-g',
      'remain-on-exit',
      'on',
    );
    await server.tmux('new-session', '-d', '-s', 'status', 'exit 3');
    await server.tmux('new-session', '-d', '-s', 'signal', 'kill -TERM $$');
    const dead = await until('both panes to be dead', async () => {
      // tmux may know that a pane is dead before it has heard how.
      const all = (await panes()).filter(({ dead: end }) => (end?.status ?? end?.signal ?? null) !== null);
      return all.length === 2 ? all : null;
    });
    const deaths = Object.fromEntries(dead.map((pane) => [pane.session, pane.dead]));
    expect(deaths.status).toMatchObject({ status: 3, signal: null, at: expect.any(Number) });
    expect(deaths.signal).toMatchObject({ status: null, signal: expect.stringMatching(/TERM|15/) });
  });

  it('tells what was launched as an agent is from a shell somebody opened', async () => {
    await server.tmux(
      'new-session',
      '-d',
      '-s',
      'ours',
      '--',
      'env',
      '-u',
      'X',
      'P=1',
      'sh',
      '-c',
      'read a, b}',
    );
    await server.tmux('new-session', '-d', '-s', 'shell');
    await server.tmux('new-session', '-d', '-s', 'other', 'sh');
    const launched = (await panes()).map((pane) => [pane.session, pane.launched]);
    expect(Object.fromEntries(launched)).toEqual({ ours: true, shell: false, other: false });
  });

  it('sees copy mode', async () => {
    await server.tmux('new-session', '-d', '-s', 'x', 'cat');
    await server.tmux('copy-mode', '-t', '=x:');
    expect(await panes()).toMatchObject([{ inMode: true }]);
  });

  it('survives hostile names, options, titles and paths', async () => {
    const odd = 'a|b\tc\nd #{pid} é漢😀 \x1b[31m "q" \'s\' %1|2 \\';
    await server.tmux('new-session', '-d', '-s', 'ä ö|%1 \t"\'#{pid}', 'cat');
    await server.tmux('set-option', '-t', '%0', '@gt_town', odd);
    await server.tmux('set-option', '-t', '%0', '@gt_agent', 'x|y\n%5|6|0|||');
    await server.tmux('select-pane', '-t', '%0', '-T', 'title|\twith\nall');
    await server.tmux('new-session', '-d', '-s', 'plain', 'cat');
    const all = await panes();
    expect(all).toHaveLength(2);
    expect(all.find((pane) => pane.session === 'plain')).toMatchObject({ town: null });
    expect(all.find((pane) => pane.pane === '%0')).toMatchObject({ town: odd, agent: 'x|y\n%5|6|0|||' });
  });

  it('reads any option value back exactly', async () => {
    await server.tmux('new-session', '-d', '-s', 'x', 'cat');
    const text = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 30 })
      .map((each) => each.replaceAll('\0', ''));
    await fc.assert(
      fc.asyncProperty(text, async (value) => {
        // tmux reads a semicolon at the end of an argument as its own separator.
        const safe = `${value}.`;
        await server.tmux('set-option', '-t', '=x:', '--', '@gt_town', safe);
        expect(await panes()).toMatchObject([{ town: safe }]);
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  it('keeps a row per session of a group and counts who watches through any of them', async () => {
    await server.tmux('new-session', '-d', '-s', 'gt-deacon', 'cat');
    await server.tmux('set-option', '-t', '=gt-deacon:', '@gt_agent', 'deacon');
    await server.tmux('new-session', '-d', '-s', 'view', '-t', 'gt-deacon');
    await server.tmux('link-window', '-s', '=gt-deacon:', '-t', '=gt-deacon:9');
    const rows = await panes();
    expect(rows.map((row) => [row.session, row.pane, row.agent])).toEqual([
      ['gt-deacon', '%0', 'deacon'],
      ['view', '%0', null],
    ]);
    // A client in control mode is attached without a terminal.
    await server.tmux(
      'new-session',
      '-d',
      '-s',
      'host',
      `TMUX= exec tmux -L ${server.socket} -C attach -t =view`,
    );
    const watched = await until('the client to be attached', async () => {
      const all = (await panes()).filter((row) => row.pane === '%0');
      return all.some((row) => row.attached > 0) ? all : null;
    });
    expect(watched.map((row) => row.attached)).toEqual([1, 1]);
  });

  it('keeps non-ASCII text where no locale is set, as under cron', async () => {
    await server.tmux('new-session', '-d', '-s', 'dörf', 'cat');
    await server.tmux('set-option', '-t', '%0', '@gt_town', '/home/é/a\tb');
    const { run, socket, tmpdir: dir } = server;
    const bare = openTmux({ socket, tmpdir: dir, env: {}, run, file: 'tmux', timeoutMs: 5_000 });
    const answer = await listPanes(bare);
    expect(answer).toMatchObject({ value: { panes: [{ session: 'dörf', town: '/home/é/a\tb' }] } });
  });

  it('says absent when the socket of a living server was removed (the caller must know better)', async () => {
    await server.tmux('new-session', '-d', '-s', 'x', 'cat');
    const pid = await server.pid();
    unlinkSync(server.client.socketPath);
    expect(await ask()).toEqual({ kind: 'absent', socket: server.client.socketPath });
    process.kill(pid, 'SIGUSR1');
    await until('the socket to be back', async () => (await ask()).kind === 'running');
  });
});

describe('readPanes', () => {
  it('is unknown for an answer that was cut at any byte inside a pane', async () => {
    await server.tmux('new-session', '-d', '-s', 'x', 'cat');
    const seen: string[] = [];
    const spy = {
      ...server.client,
      nonce: () => 'FRAME',
      call: async (args: readonly string[]) => {
        const ran = await server.client.call(args);
        seen.push(ran.stdout);
        return ran;
      },
    };
    await listPanes(spy);
    const whole = seen[0] ?? '';
    const ran = { ok: true, exit: 0, signal: null, stderr: '', failure: null, ms: 1 };
    const start = whole.indexOf('FRAMEpane|') + 'FRAMEpane|'.length;
    for (let cut = start; cut < whole.trimEnd().length; cut += 1) {
      expect(readPanes('FRAME', { ...ran, stdout: whole.slice(0, cut) }, '/s')).toMatchObject({
        known: false,
      });
    }
    expect(readPanes('FRAME', { ...ran, stdout: whole }, '/s')).toMatchObject({ known: true });
  });
});
