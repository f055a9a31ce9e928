import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * Waits until a condition gives something other than false, null or undefined, and returns it.
 * Fails after `withinMs` (default 15 s) with the description of what was awaited.
 */
export async function until<T>(
  what: string,
  condition: () => T | Promise<T>,
  withinMs = 15_000,
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
