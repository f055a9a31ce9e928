import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { counting } from '../../src/counting-run.ts';
import type { Pane } from '../../src/model/pane.ts';
import { openTmux } from '../../src/tmux/client.ts';
import {
  cancelMode,
  capturePane,
  describePane,
  killSession,
  newSession,
  parsePlaced,
  remainOnExit,
  respawnPane,
  sendEnter,
  sendLiteral,
  sessionTarget,
  setEnvironment,
  tag,
} from '../../src/tmux/commands.ts';
import { listPanes } from '../../src/tmux/panes.ts';
import { type Block, runScript, script } from '../../src/tmux/script.ts';
import { type PrivateTmux, privateTmux, signal } from '../rig/tmux.ts';
import { until } from '../rig/until.ts';

const dir = realpathSync(mkdtempSync(join(tmpdir(), 'gt-script-')));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

let server: PrivateTmux;
beforeEach(() => {
  server = privateTmux();
});
afterEach(() => server.close());

const start = (session: string, argv: readonly [string, string, ...string[]] = ['env', 'cat']): Block => ({
  id: session,
  commands: [
    newSession({ session, dir, env: { GT_ROLE: session }, argv }),
    remainOnExit(sessionTarget(session)),
    ...tag(sessionTarget(session), { town: dir, agent: `rig/${session}` }),
  ],
});
const perform = (...blocks: Block[]) => runScript(server.client, blocks, { startServer: false });
const begin = (...blocks: Block[]) => runScript(server.client, blocks, { startServer: true });

async function panes(): Promise<readonly Pane[]> {
  const answer = await listPanes(server.client);
  if (!answer.known) throw new Error(answer.reason);
  return answer.value.kind === 'running' ? answer.value.panes : [];
}

describe('runScript', () => {
  it('starts the server and agents in it, tagged and with the pane told', async () => {
    const [result] = await begin(start('gt-deacon'));
    const placed = result?.result === 'ok' ? parsePlaced(result.output) : null;
    const [pane] = await panes();
    expect(pane).toMatchObject({
      session: 'gt-deacon',
      town: dir,
      agent: 'rig/gt-deacon',
      agentPane: pane?.pane,
    });
    expect(placed).toEqual({
      pane: pane?.pane,
      panePid: pane?.pid,
      serverPid: await server.pid(),
      socket: server.client.socketPath,
    });
  });

  it('does nothing at all without a server unless it may start one', async () => {
    expect(await perform(start('x'))).toMatchObject([{ id: 'x', result: 'not-run', kind: 'no-server' }]);
  });

  it('keeps the death of a program that ends at once', async () => {
    await begin(start('brief', ['sh', '-c', 'exit 3']));
    const dead = await until('the death', async () => (await panes())[0]?.dead);
    expect(dead).toMatchObject({ status: 3 });
  });

  it('attributes output and errors to their blocks, and goes on after a failing one', async () => {
    const results = await begin(
      { id: 'lost', commands: [capturePane('%77')] },
      start('one'),
      start('one'),
      {
        id: 'half',
        commands: [setEnvironment('one', 'A', '1'), killSession('on'), setEnvironment('one', 'B', '1')],
      },
      { id: 'show', commands: [describePane(sessionTarget('one'))] },
    );
    expect(results).toMatchObject([
      { id: 'lost', result: 'failed' },
      { id: 'one', result: 'ok' },
      { id: 'one', result: 'failed', kind: 'duplicate', error: 'duplicate session: one' },
      { id: 'half', result: 'failed', kind: 'no-session', error: "can't find session: on" },
      { id: 'show', result: 'ok', output: expect.stringMatching(/^%\d+ \d+ \d+ \/.*\n$/) },
    ]);
    expect(await server.tmux('show-environment', '-t', '=one:')).toMatch(/^A=1$/m);
    expect(await server.tmux('show-environment', '-t', '=one:')).not.toMatch(/^B=1$/m);
  });

  it('never runs half a block, wherever its text is cut', async () => {
    await begin(start('keep'));
    const frame = 'FRAME';
    const blocks = ['a', 'b'].map((id) => ({
      id,
      commands: [setEnvironment('keep', `${id}1`, "x ' y"), setEnvironment('keep', `${id}2`, 'z')],
    }));
    const text = script(frame, blocks);
    const seen = new Set<string>();
    for (let cut = 0; cut <= text.length; cut += 1) {
      const clean = ['a1', 'a2', 'b1', 'b2'].map((name) => `set-environment -u -t =keep: ${name}\n`).join('');
      await server.client.call(['source-file', '-'], clean);
      await server.client.call(['source-file', '-'], text.slice(0, cut));
      const set = (await server.tmux('show-environment', '-t', '=keep:')).match(/^[ab][12]/gm) ?? [];
      seen.add(set.join(','));
    }
    expect([...seen].sort()).toEqual(['', 'a1,a2', 'a1,a2,b1,b2']);
  }, 60_000);

  it('acts on a pane only while it runs the recorded process', async () => {
    const [one] = await begin(start('one'));
    const placed = one?.result === 'ok' ? parsePlaced(one.output) : null;
    if (placed === null) throw new Error('not placed');
    const block = (id: string, pane: string, panePid: number): Block => ({
      id,
      commands: [setEnvironment('one', id, '1')],
      guard: { pane, panePid },
    });
    const results = await perform(
      block('same', placed.pane, placed.panePid),
      block('other', placed.pane, placed.panePid + 1),
      block('gone', '%99', placed.panePid),
    );
    expect(results.map((each) => each.result)).toEqual(['ok', 'skipped', 'skipped']);
    expect((await server.tmux('show-environment', '-t', '=one:')).match(/^(same|other|gone)/gm)).toEqual([
      'same',
    ]);
  });

  it('is unknown, not failed, when the server stops answering', async () => {
    await begin(start('one'));
    const pid = await server.pid();
    const { run, socket, tmpdir: base, env } = server;
    const hasty = openTmux({ socket, tmpdir: base, env, run, file: 'tmux', timeoutMs: 300 });
    signal(pid, 'SIGSTOP');
    const results = await runScript(hasty, [start('two')], { startServer: true });
    signal(pid, 'SIGCONT');
    expect(results).toMatchObject([{ id: 'two', result: 'unknown' }]);
  });

  it('handles 300 sessions with one client for all starts and one for all looks', async () => {
    const counted = counting(server.run);
    const { socket, tmpdir: base, env } = server;
    const client = openTmux({ socket, tmpdir: base, env, run: counted.run, file: 'tmux', timeoutMs: 30_000 });
    const names = Array.from({ length: 300 }, (_, n) => `gt-rig${n}-witness`);
    const results = await runScript(
      client,
      names.map((name) => start(name)),
      { startServer: true },
    );
    expect(results.every((each) => each.result === 'ok')).toBe(true);
    const found = await panes();
    const looks = found.map((pane) => ({ id: pane.session, commands: [capturePane(pane.pane)] }));
    const screens = await runScript(client, looks, { startServer: false });
    expect(screens.filter((each) => each.result === 'ok')).toHaveLength(300);
    expect(counted.count()).toBe(2);
    expect(new Set(found.map((pane) => pane.session))).toEqual(new Set(names));
  }, 60_000);
});

describe('the commands', () => {
  it('start a program with its own words and environment, in any directory, through no shell', async () => {
    const odd = join(dir, "it's #{pid} #S $HOME ;");
    const { mkdirSync } = await import('node:fs');
    mkdirSync(odd);
    const out = join(dir, 'argv.json');
    const program = join(dir, 'show.cjs');
    writeFileSync(
      program,
      `require('fs').writeFileSync(process.argv[2], JSON.stringify([process.argv.slice(3), process.env.ODD, process.cwd()]));
       setInterval(() => {}, 1e6);`,
    );
    const words = ['', ' ', "it's", '$HOME', '`id`', '#{pid}', ';', 'a;', '-x', '\\', '{', 'é😀', '"'];
    const value = "x=y ; #{pid} 'q' $HOME ~";
    const argv = [process.execPath, program, out, ...words] as const;
    const [result] = await begin({
      id: 's',
      commands: [newSession({ session: 's', dir: odd, env: { ODD: value }, argv })],
    });
    expect(result).toMatchObject({ result: 'ok' });
    const { readFileSync } = await import('node:fs');
    const seen: unknown = await until('the program to write', () => {
      try {
        return JSON.parse(readFileSync(out, 'utf8'));
      } catch {
        return null;
      }
    });
    expect(seen).toEqual([words, value, odd]);
  });

  it('put a new process in a dead pane', async () => {
    await begin(start('one', ['sh', '-c', 'exit 1']));
    const dead = await until('the death', async () => (await panes()).find((pane) => pane.dead !== null));
    const respawn = respawnPane(dead.pane, { dir, env: {}, argv: ['env', 'cat'] });
    const look = describePane(dead.pane);
    const [result] = await perform({ id: 'r', commands: [respawn, remainOnExit(dead.pane), look] });
    const placed = result?.result === 'ok' ? parsePlaced(result.output) : null;
    expect(placed?.pane).toBe(dead.pane);
    expect(placed?.panePid).not.toBe(dead.pid);
    expect((await panes())[0]).toMatchObject({ dead: null, agent: 'rig/one' });
  });

  it('type and submit apart: nothing arrives before Enter, and then exactly the text', async () => {
    const out = join(dir, 'typed');
    writeFileSync(out, '');
    await begin(
      start('one', ['sh', '-c', `while IFS= read -r line; do printf '%s\\n' "$line" >> ${out}; done`]),
    );
    const { readFileSync } = await import('node:fs');
    const pane = (await panes())[0]?.pane ?? '';
    const text = '-HEARTBEAT: it\'s 3 #{pid} $x ~ \\ "q" é 😀 Enter C-c;';
    await perform({ id: 'text', commands: [sendLiteral(pane, text)] });
    await until('the text on the screen', async () => {
      const [shown] = await perform({ id: 'look', commands: [capturePane(pane)] });
      return shown?.result === 'ok' && shown.output.includes('C-c;');
    });
    expect(readFileSync(out, 'utf8')).toBe('');
    await perform({ id: 'enter', commands: [sendEnter(pane)] });
    expect(await until('the line', () => readFileSync(out, 'utf8') || null)).toBe(`${text}\n`);
    expect(() => sendLiteral(pane, 'a\x1bb')).toThrow(RangeError);
  });

  it('leave copy mode, and say so when there is none', async () => {
    await begin(start('one'));
    const pane = (await panes())[0]?.pane ?? '';
    await server.tmux('copy-mode', '-t', pane);
    expect((await panes())[0]?.inMode).toBe(true);
    expect(await perform({ id: 'c', commands: [cancelMode(pane)] })).toMatchObject([{ result: 'ok' }]);
    expect((await panes())[0]?.inMode).toBe(false);
    expect(await perform({ id: 'c', commands: [cancelMode(pane)] })).toMatchObject([{ result: 'failed' }]);
  });

  it('never touch a session whose name merely begins alike', async () => {
    // Only one: several would make the prefix ambiguous, and tmux refuse it for that reason.
    await begin(start('x-boot'));
    const results = await perform(
      { id: 'kill', commands: [killSession('x')] },
      { id: 'env', commands: [setEnvironment('x', 'A', '1')] },
      { id: 'tag', commands: [...tag(sessionTarget('x'), { town: 'other', agent: 'x' })] },
      { id: 'type', commands: [sendLiteral(sessionTarget('x'), 'hello')] },
      { id: 'look', commands: [capturePane(sessionTarget('x'))] },
    );
    expect(results.map((each) => each.result)).toEqual(Array(5).fill('failed'));
    expect((await panes()).map((pane) => [pane.session, pane.town])).toEqual([['x-boot', dir]]);
    const [missing] = await perform({ id: 'd', commands: [describePane(sessionTarget('x'))] });
    expect(missing?.result === 'ok' ? parsePlaced(missing.output) : 'failed').toBeNull();
  });
});
