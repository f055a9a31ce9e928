import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { deviceName, flockHolder, parseLocks } from '../../src/observe/flock.ts';
import { findGoDaemon } from '../../src/observe/go-daemon.ts';
import { parsePsLine, readProcess } from '../../src/observe/one-process.ts';
import { createRun } from '../../src/run.ts';
import { layout } from '../../src/town/layout.ts';
import { until } from '../rig/until.ts';

const dir = mkdtempSync(join(tmpdir(), 'gt-daemon-'));
const town = layout(join(dir, 'town'));
mkdirSync(town.daemonDir, { recursive: true });
const run = createRun({ path: ['/usr/bin', '/bin'] });
const env = { PATH: '/usr/bin:/bin' };
const look = () => findGoDaemon(town, run, env);

const children: ChildProcess[] = [];
function start(file: string, args: readonly string[], argv0 = file): number {
  const child = spawn(file, args, { stdio: ['pipe', 'ignore', 'ignore'], argv0, cwd: dir });
  children.push(child);
  return child.pid ?? 0;
}
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  rmSync(town.goPidFile, { force: true });
  rmSync(town.goLockFile, { force: true });
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** A program called `gt` that stays: a shell's own copy reading from nowhere. */
function standIn(): string {
  const file = join(dir, 'bin', 'gt');
  mkdirSync(join(dir, 'bin'), { recursive: true });
  copyFileSync('/bin/sleep', file);
  chmodSync(file, 0o755);
  return file;
}

describe('a Go daemon', () => {
  it('is found by its pid when that process is `gt daemon run`', async () => {
    // A shell under the name `gt` that runs a script called `daemon`: the same command line as the real one.
    writeFileSync(join(dir, 'daemon'), 'read -r forever\n');
    const pid = start('/bin/sh', ['daemon', 'run'], '/home/x/bin/gt');
    writeFileSync(town.goPidFile, String(pid));
    const found = await until('the daemon', look);
    expect(found).toMatchObject({ code: 'go-daemon', exit: 75 });
    expect(found.message).toContain(String(pid));
  });

  it('is not any other program that got its pid', async () => {
    writeFileSync(town.goPidFile, String(start('/bin/sleep', ['60'])));
    expect(await look()).toBeNull();
    writeFileSync(town.goPidFile, String(start(standIn(), ['60'])));
    expect(await look()).toBeNull();
    writeFileSync(town.goPidFile, String(process.pid));
    expect(await look()).toBeNull();
  });

  it.each(['', '0', '1', '-1', '-5', '12 34', 'garbage', '007', '99999999999', '1e3', '\0'])(
    'is not in the pid file %j',
    async (text) => {
      writeFileSync(town.goPidFile, text);
      expect(await look()).toBeNull();
    },
  );

  it('is not behind a pid with a newline, nor a pid file that is a directory', async () => {
    writeFileSync(town.goPidFile, `${process.pid}\n`);
    expect(await look()).toBeNull();
    rmSync(town.goPidFile);
    mkdirSync(town.goPidFile);
    expect(await look()).toBeNull();
    rmSync(town.goPidFile, { recursive: true });
  });

  it('is whoever holds its lock, and gone with the lock', async () => {
    writeFileSync(town.goLockFile, '');
    expect(flockHolder(town.goLockFile)).toEqual({ known: true, value: null });
    expect(await look()).toBeNull();
    const child = spawn('flock', ['-F', '-x', town.goLockFile, 'cat'], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    children.push(child);
    const found = await until('the holder', look);
    expect(found).toMatchObject({ code: 'go-daemon', message: expect.stringContaining(town.goLockFile) });
    expect(flockHolder(town.goLockFile)).toEqual({ known: true, value: child.pid });
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await look()).toBeNull();
  });

  it('does not hold a lock that is not there', () => {
    expect(flockHolder(join(dir, 'absent'))).toEqual({ known: true, value: null });
  });
});

describe('the list of locks', () => {
  it('is read without those who only wait', () => {
    const text =
      '1: FLOCK  ADVISORY  WRITE 17615 fe:00:9978329 0 EOF\n1: -> FLOCK  ADVISORY  WRITE 9 fe:00:9978329 0 EOF\n' +
      '2: POSIX  ADVISORY  WRITE 7 fe:00:9978329 0 EOF\n3: FLOCK  ADVISORY  READ  -1 00:1a:5 0 EOF\n';
    expect(parseLocks(text)).toEqual([
      { pid: 17615, device: 'fe:00', inode: 9978329 },
      { pid: -1, device: '00:1a', inode: 5 },
    ]);
  });

  it('spells devices in hexadecimal', () => {
    expect([65024, 0x1a, 0x10_3d_05, 2049].map(deviceName)).toEqual(['fe:00', '00:1a', '3d:105', '08:01']);
  });
});

describe('readProcess', () => {
  it('knows a running process, its words and its start', async () => {
    const before = Date.now() / 1000;
    const pid = start('/bin/sleep', ['60']);
    const found = await until('the program', async () => {
      const each = await readProcess(pid, run, env);
      return each?.argv[0] === '/bin/sleep' ? each : null;
    });
    expect(found.argv).toEqual(['/bin/sleep', '60']);
    expect(Math.abs((found.started ?? 0) - before)).toBeLessThan(5);
  });

  it('finds nobody for impossible pids', async () => {
    for (const pid of [0, -1, 1, Number.NaN, 2 ** 40]) expect(await readProcess(pid, run, env)).toBeNull();
  });

  it('reads the line of ps where there is no /proc', async () => {
    const ran = await run({
      file: 'ps',
      args: ['-p', String(process.pid), '-o', 'lstart=,args='],
      env: { ...env, LC_ALL: 'C' },
    });
    const [parsed, real] = [parsePsLine(ran.stdout), await readProcess(process.pid, run, env)];
    expect(parsed?.argv[0]).toBe(ran.stdout.slice(25).split(/\s+/)[0]);
    expect(real?.started).not.toBeNull();
    expect(parsePsLine('')).toBeNull();
  });
});
