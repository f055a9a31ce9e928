import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** Milliseconds. In beads each step is a program or two, and one may have to wait for another. */
const patienceMs = (process.env.GT_TEST_STORE ?? '').startsWith('beads') ? 60_000 : 15_000;

/**
 * Waits until a condition gives something other than false, null or undefined, and returns it.
 * Fails after `withinMs` with the description of what was awaited.
 */
export async function until<T>(
  what: string,
  condition: () => T | Promise<T>,
  withinMs = patienceMs,
): Promise<Exclude<T, false | null | undefined>> {
  const end = Date.now() + withinMs;
  for (;;) {
    const value = await condition();
    if (isThere(value)) return value;
    if (Date.now() > end) throw new Error(`waited ${withinMs} ms in vain for: ${what}`);
    await pause(10);
  }
}

function isThere<T>(value: T): value is Exclude<T, false | null | undefined> {
  return value !== false && value !== null && value !== undefined;
}

/** Whether a process of this pid runs; one that ended and only waits to be reaped does not. */
export function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
