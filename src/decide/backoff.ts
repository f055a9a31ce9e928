import type { TickConfig } from '../model/config.ts';
import type { Backoff, Moment } from '../model/state.ts';

/** How patience with a silent agent grows (spec/tick.md §5.1). All functions are total and pure. */
type Patience = Pick<TickConfig['poke'], 'strategy' | 'baseMs' | 'capMs' | 'factor'>;

export function freshBackoff(patience: Patience): Backoff {
  return { intervalMs: patience.baseMs, misses: 0, lastPoke: null };
}

/** Inclusive; `graceMs` absorbs a scheduler that calls a moment early. */
export function mayPoke(backoff: Backoff, awake: number, graceMs: number): boolean {
  return backoff.lastPoke === null || awake - backoff.lastPoke.awake >= backoff.intervalMs - graceMs;
}

export function poked(backoff: Backoff, now: Moment): Backoff {
  return { ...backoff, lastPoke: now };
}

/** A poke that went to a very stale agent: the next one waits longer. */
export function missed(backoff: Backoff, patience: Patience): Backoff {
  return {
    ...backoff,
    misses: backoff.misses + 1,
    intervalMs: Math.min(patience.capMs, grown(backoff.intervalMs, patience)),
  };
}

/** The agent showed life: patience starts again, the last poke stays known. */
export function answered(backoff: Backoff, patience: Patience): Backoff {
  return { ...backoff, misses: 0, intervalMs: patience.baseMs };
}

function grown(interval: number, patience: Patience): number {
  switch (patience.strategy) {
    case 'fixed':
      return interval;
    case 'geometric':
      return interval * patience.factor;
    case 'exponential':
      return interval * 2;
  }
}
