import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createRun } from '../../src/run.ts';
import { openTmux, socketPathOf } from '../../src/tmux/client.ts';
import { listPanes } from '../../src/tmux/panes.ts';
import { privateTmux, signal } from '../rig/tmux.ts';

const dir = realpathSync(mkdtempSync(join(tmpdir(), 'gt-client-')));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** A program in tmux's place. */
function shim(name: string, script: string): string {
  const file = join(dir, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

function clientOf(file: string, timeoutMs = 5_000) {
  const env = {
    PATH: '/usr/bin:/bin',
    TMUX: '/elsewhere,1,0',
    TMUX_PANE: '%9',
    SECRET: 'x',
    LC_ALL: 'C',
    HOME: dir,
  };
  return openTmux({
    socket: 'gt-test-shim',
    tmpdir: dir,
    env,
    run: createRun({ path: [] }),
    file,
    timeoutMs,
  });
}

describe('a tmux client', () => {
  it('computes the socket path as tmux does, through symbolic links and for a missing directory', async () => {
    const server = privateTmux();
    await server.tmux('new-session', '-d', '-s', 'x', 'cat');
    expect(await server.tmux('display-message', '-p', '#{socket_path}')).toBe(server.client.socketPath);
    const link = join(dir, 'link');
    symlinkSync(server.tmpdir, link);
    expect(socketPathOf(server.socket, link)).toBe(server.client.socketPath);
    expect(socketPathOf('name', join(dir, 'missing'))).toBe(socketPathOf('name', null));
    await server.close();
  });

  it('passes on the person and the language, never which tmux the caller sits in', async () => {
    const ran = await clientOf(shim('env', 'env')).call([]);
    expect(ran.stdout).toContain(`TMUX_TMPDIR=${dir}\n`);
    expect(ran.stdout).toContain('LC_ALL=C\n');
    expect(ran.stdout).not.toMatch(/^(TMUX|TMUX_PANE|SECRET)=/m);
  });

  it('asks once more when the server exits under the question', async () => {
    const flag = join(dir, 'asked');
    const file = shim(
      'dying',
      `[ -d ${flag} ] && exec echo fine; mkdir ${flag}; echo server exited unexpectedly >&2; exit 1`,
    );
    expect(await clientOf(file).call(['x'])).toMatchObject({ ok: true, stdout: 'fine\n' });
  });
});

describe('a tmux that fails', () => {
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['garbage on standard error', 'echo wibble >&2; exit 1', /^tmux said: wibble$/],
    ['no word at all', 'exit 1', /^tmux said: $/],
    ['success without an answer', 'exit 0', /without naming its server/],
    ['an answer of another shape', 'echo %1 bash; exit 0', /without naming its server/],
    ['a crash', 'kill -SEGV $$', /SIGSEGV/],
    ['refusal', 'echo "error connecting to /x (Permission denied)" >&2; exit 1', /Permission denied/],
    ['a server that exits each time', 'echo server exited unexpectedly >&2; exit 1', /server exited/],
  ];
  it.each(cases)('is unknown after %s', async (name, script, reason) => {
    const answer = await listPanes(clientOf(shim(name.replaceAll(' ', '-'), script)));
    expect(answer).toMatchObject({ known: false, reason: expect.stringMatching(reason) });
  });

  it('is unknown when it hangs, is missing or may not be executed', async () => {
    expect(await listPanes(clientOf(shim('hang', 'sleep 60'), 200))).toMatchObject({ known: false });
    expect(await listPanes(clientOf(join(dir, 'missing')))).toMatchObject({ known: false });
    mkdirSync(join(dir, 'directory'));
    expect(await listPanes(clientOf(join(dir, 'directory')))).toMatchObject({ known: false });
  });

  it('is absent only for the known words', async () => {
    const file = shim('none', 'echo "no server running on /tmp/x" >&2; exit 1');
    expect(await listPanes(clientOf(file))).toMatchObject({ known: true, value: { kind: 'absent' } });
  });

  it('is unknown while the real server is stopped, and answers again when it goes on', async () => {
    const server = privateTmux({ timeoutMs: 500 });
    await server.tmux('new-session', '-d', '-s', 'x', 'cat');
    const pid = await server.pid();
    signal(pid, 'SIGSTOP');
    const hung = await listPanes(server.client);
    signal(pid, 'SIGCONT');
    expect(hung).toMatchObject({ known: false, reason: expect.stringMatching(/did not answer/) });
    expect(await listPanes(server.client)).toMatchObject({ known: true, value: { kind: 'running', pid } });
    await server.close();
  });
});
