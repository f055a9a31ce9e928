import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { capture, type Ending, endProcesses } from '../../src/act/end-processes.ts';
import { processTable } from '../../src/persist/process-identity.ts';
import { lives, until } from '../rig/until.ts';

const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

const signals: (readonly [number, string])[] = [];
const ending: Ending = {
  processes: processTable(),
  signal: (pid, name) => {
    signals.push([pid, name]);
    process.kill(pid, name);
  },
  pause: async (ms) => void (await pause(ms)),
  now: () => performance.now(),
};

/** A program that says when it is ready, so that no signal comes before its handlers. */
async function program(script: string): Promise<number> {
  const child = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'] });
  started.push(child);
  let out = '';
  child.stdout.on('data', (chunk) => {
    out += String(chunk);
  });
  await until('the program to be ready', () => out.includes('ready'));
  return child.pid ?? 0;
}

describe('ending processes', () => {
  it('asks politely first, and that is enough for a program that listens', async () => {
    signals.length = 0;
    const pid = await program('echo ready; exec sleep 1000');
    expect(await endProcesses(capture([pid], ending), ending)).toEqual([]);
    expect(lives(pid)).toBe(false);
    expect(signals).toEqual([[pid, 'SIGTERM']]);
  });

  it('kills one that ignores the request (F78)', async () => {
    const pid = await program('trap "" TERM; echo ready; while :; do sleep 1; done');
    expect(await endProcesses(capture([pid], ending), ending)).toEqual([]);
    expect(lives(pid)).toBe(false);
  });

  it('leaves alone a process that only inherited the pid (F61)', async () => {
    const pid = await program('echo ready; exec sleep 1000');
    expect(await endProcesses([{ pid, start: '1' }], ending)).toEqual([]);
    expect(lives(pid)).toBe(true);
  });

  it('counts one that we may not signal as still there, and ends the others', async () => {
    const [guarded, free] = [
      await program('echo ready; exec sleep 1000'),
      await program('echo ready; exec sleep 1000'),
    ];
    let clock = 0;
    const denied: Ending = {
      ...ending,
      signal: (pid, name) => {
        if (pid === guarded)
          throw Object.assign(new Error('kill EPERM'), { code: 'EPERM', errno: -1, syscall: 'kill' });
        ending.signal(pid, name);
      },
      pause: async (ms) => {
        await pause(10);
        clock += ms;
      },
      now: () => clock,
    };
    const survivors = await endProcesses(capture([guarded, free], denied), denied);
    expect(survivors.map(({ pid }) => pid)).toEqual([guarded]);
    expect([lives(guarded), lives(free)]).toEqual([true, false]);
  });

  it('captures neither ourselves nor process 1 nor anything that is no pid (F19)', () => {
    expect(capture([process.pid, 1, 0, -1, Number.NaN, 1.5], ending)).toEqual([]);
    fc.assert(
      fc.property(fc.oneof(fc.double(), fc.integer({ max: 1 })), (pid) => {
        if (pid > 1 && Number.isSafeInteger(pid)) return;
        expect(capture([pid], ending)).toEqual([]);
      }),
    );
  });
});
