import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { counting } from '../src/counting-run.ts';
import { createRun, explain, findProgram, startDetached } from '../src/run.ts';
import { lives, until } from './rig/until.ts';

const dir = mkdtempSync(join(tmpdir(), 'gt-run-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const env = { PATH: '/usr/bin:/bin' };
const run = createRun({ path: ['/usr/bin', '/bin'] });
const sh = (script: string, more: object = {}) => run({ file: 'sh', args: ['-c', script], env, ...more });

describe('run', () => {
  it('gives both streams and the status of a program that ends by itself', async () => {
    const ran = await sh('echo out; echo err >&2; exit 3');
    expect(ran).toMatchObject({
      ok: false,
      exit: 3,
      signal: null,
      stdout: 'out\n',
      stderr: 'err\n',
      failure: 'exit',
    });
    expect(await sh('true')).toMatchObject({ ok: true, exit: 0, failure: null });
  });

  it('passes arguments untouched and inherits nothing', async () => {
    const ran = await run({ file: 'printf', args: ['%s|', '$HOME', '`id`', "it's", 'a;b', ''], env: {} });
    expect(ran.stdout).toBe("$HOME|`id`|it's|a;b||");
    process.env.GT_RUN_TEST = 'leak';
    expect((await run({ file: 'env', args: [], env: { ONLY: 'this' } })).stdout).toBe('ONLY=this\n');
    delete process.env.GT_RUN_TEST;
  });

  it('feeds standard input, and gives end-of-file without it', async () => {
    expect((await run({ file: 'cat', args: [], env, input: 'grüße\n' })).stdout).toBe('grüße\n');
    expect(await run({ file: 'cat', args: [], env })).toMatchObject({ ok: true, stdout: '' });
    expect(await run({ file: 'true', args: [], env, input: 'x'.repeat(1_000_000) })).toMatchObject({
      ok: true,
    });
  });

  it('tells missing, forbidden and unstartable programs apart without throwing', async () => {
    const plain = join(dir, 'plain');
    writeFileSync(plain, '#!/bin/sh\n');
    expect(await run({ file: 'no-such-program-here', args: [], env })).toMatchObject({
      failure: 'not-found',
    });
    expect(await run({ file: join(dir, 'absent'), args: [], env })).toMatchObject({ failure: 'not-found' });
    expect(await run({ file: plain, args: [], env })).toMatchObject({ failure: 'permission' });
    expect(await sh('true', { cwd: join(dir, 'absent') })).toMatchObject({ failure: 'spawn' });
    expect(await run({ file: 'true', args: ['nul\0'], env })).toMatchObject({ failure: 'spawn' });
  });

  it('names the signal that ended a program', async () => {
    expect(await sh('kill -SEGV $$')).toMatchObject({ failure: 'signal', signal: 'SIGSEGV', exit: null });
  });

  it('returns at its deadline although a grandchild holds the pipe', async () => {
    const ran = await sh('sleep 30 & echo $!', { timeoutMs: 400 });
    const grandchild = Number(ran.stdout.trim());
    expect(lives(grandchild)).toBe(true);
    process.kill(grandchild, 'SIGKILL');
    expect(ran).toMatchObject({ ok: false, exit: 0, failure: 'timeout' });
  });

  it('ends a program that ignores TERM, by its pid', async () => {
    const file = join(dir, 'stubborn.pid');
    const ran = await sh(`echo $$ > ${file}; trap '' TERM; while :; do sleep 1; done`, { timeoutMs: 400 });
    expect(ran.failure).toBe('timeout');
    const pid = Number(readFileSync(file, 'utf8'));
    await until('the program to be gone', () => !lives(pid));
  });

  it('F64: ends all that a whole program started, be its leader gone, deaf or killed', async () => {
    const scripts = [
      'sleep 30 & echo $!; exit 0',
      "trap '' TERM; sleep 30 & echo $!; while :; do sleep 1; done",
      "(trap '' TERM; echo $(exec sh -c 'echo $PPID'); while :; do sleep 1; done) & wait",
      'sh -c "sleep 30 & echo \\$!; wait" & wait',
    ];
    for (const script of scripts) {
      const ran = await sh(script, { timeoutMs: 400, whole: true });
      const grandchild = Number(ran.stdout.trim());
      expect([ran.failure, grandchild > 1], script).toEqual(['timeout', true]);
      await until(`the child of ${script} to be gone`, () => !lives(grandchild));
    }
  });

  it('leaves alone what a whole program left behind when it ended in time', async () => {
    const ran = await sh('sleep 30 > /dev/null 2>&1 & echo $!', { whole: true });
    const grandchild = Number(ran.stdout.trim());
    expect([ran.ok, lives(grandchild)]).toEqual([true, true]);
    process.kill(grandchild, 'SIGKILL');
  });

  it('ends a program that prints without end', async () => {
    const ran = await run({ file: 'yes', args: [], env, maxBytes: 10_000 });
    expect(ran.failure).toBe('overflow');
    expect(ran.stdout.startsWith('y\ny\n')).toBe(true);
  });

  it('hands standard error on while the program runs', async () => {
    const chunks: string[] = [];
    await sh('echo one >&2; echo two >&2', { onStderr: (chunk: string) => chunks.push(chunk) });
    expect(chunks.join('')).toBe('one\ntwo\n');
  });

  it('counts what it was asked to run', async () => {
    const counted = counting(run);
    await counted.run({ file: 'true', args: [], env });
    await counted.run({ file: 'true', args: [], env });
    expect(counted.count()).toBe(2);
  });

  it('explains every failure in words', async () => {
    expect(explain(await sh('exit 7'))).toBe('ended with status 7');
    expect(explain(await sh('sleep 30', { timeoutMs: 50 }))).toMatch(/^did not answer within \d+ ms$/);
  });
});

describe('startDetached', () => {
  it('starts a program in a session of its own that nobody waits for', async () => {
    const file = join(dir, 'detached');
    expect(
      startDetached({
        file: '/bin/sh',
        args: ['-c', `ps -o sid= -p $$ > ${file}.new; echo $$ >> ${file}.new; mv ${file}.new ${file}`],
        env,
      }),
    ).toBe(true);
    const [session, pid] = await until('it to run', () => {
      try {
        return readFileSync(file, 'utf8').split('\n').map(Number);
      } catch {
        return null;
      }
    });
    expect(session).toBe(pid);
  });

  it('says so when it cannot, and never throws', () => {
    expect(startDetached({ file: '/no/such/program', args: [], env })).toBe(false);
    expect(startDetached({ file: '/bin/true', args: ['\0'], env })).toBe(false);
  });
});

describe('findProgram', () => {
  it('takes the first regular executable file and skips everything else', () => {
    const [first, second, third] = ['a', 'b', 'c'].map((name) => join(dir, name));
    for (const each of [first, second, third]) mkdirSync(String(each));
    mkdirSync(join(String(first), 'tool'));
    writeFileSync(join(String(second), 'tool'), 'not executable');
    writeFileSync(join(String(third), 'tool'), '#!/bin/sh\n');
    chmodSync(join(String(third), 'tool'), 0o755);
    const dirs = ['', 'relative', String(first), String(second), String(third)];
    expect(findProgram('tool', dirs)).toBe(join(String(third), 'tool'));
    expect(findProgram('other', dirs)).toBeNull();
  });
});
