import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { fromProc, fromTable, parsePs, readDescendants } from '../../src/observe/processes.ts';
import { createRun } from '../../src/run.ts';
import { until } from '../rig/until.ts';

const dir = mkdtempSync(join(tmpdir(), 'gt-processes-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const run = createRun({ path: ['/usr/bin', '/bin'] });
const env = { PATH: '/usr/bin:/bin' };

/** `sh` above `sh` above `sleep`, and what it takes to end them. */
async function tree() {
  const top = spawn('sh', ['-c', 'sh -c "sleep 60; true" & read -r x; kill $! ; true'], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const pid = top.pid ?? 0;
  const found = await until('the tree', () => {
    const below = fromProc(pid);
    return below.known && below.value.some((each) => each.command === 'sleep') ? below.value : null;
  });
  const end = async () => {
    for (const each of [...found].reverse()) process.kill(each.pid, 'SIGKILL');
    top.stdin.end('\n');
    if (top.exitCode === null) await once(top, 'exit');
  };
  return { pid, found, end };
}

describe('descendants', () => {
  it('are the same from /proc and from ps, deepest last', async () => {
    const { pid, found, end } = await tree();
    expect(found.map((each) => each.command)).toEqual(['sh', 'sleep']);
    const ran = await run({ file: 'ps', args: ['-axo', 'pid=,ppid=,comm='], env });
    expect(fromTable(pid, parsePs(ran.stdout))).toEqual({ known: true, value: found });
    expect((await readDescendants([pid], run, env)).get(pid)).toEqual({ known: true, value: found });
    await end();
    await until('no descendants', () => {
      const below = fromProc(pid);
      return !below.known || below.value.length === 0;
    });
  });

  it('of a process that is gone are unknown, not none', async () => {
    const child = spawn('true');
    const { pid } = child;
    await once(child, 'exit');
    expect(fromProc(pid ?? 0)).toMatchObject({ known: false });
    expect(fromTable(pid ?? 0, parsePs('  1     0 init\n'))).toMatchObject({ known: false });
  });

  it('have their whole name where the kernel cuts it', async () => {
    const long = join(dir, 'an-agent-with-a-long-name');
    copyFileSync('/bin/cat', long);
    chmodSync(long, 0o755);
    const top = spawn('sh', ['-c', `${long}; true`], { stdio: ['pipe', 'ignore', 'ignore'] });
    const named = await until('the program', () => {
      const below = fromProc(top.pid ?? 0);
      return below.known && below.value.find((each) => each.command === 'an-agent-with-a-long-name');
    });
    expect(named.pid).toBeGreaterThan(1);
    top.stdin.end();
    await once(top, 'exit');
    const row = parsePs(' 7 1 /Applications/My App/claude-code-agent\n');
    expect(row).toEqual([{ pid: 7, parent: 1, command: 'claude-code-agent' }]);
  });

  it('survive a table that loops or lies', () => {
    const rows = parsePs('5 6 a\n6 5 b\nrubbish\n7 5\n-1 5 c\n8 5 d\n');
    expect(fromTable(5, rows)).toEqual({
      known: true,
      value: [
        { pid: 6, command: 'b' },
        { pid: 8, command: 'd' },
        { pid: 5, command: 'a' },
      ],
    });
  });
});
