import type { Due } from '../due.ts';

/** `daemon/due.json`, as the gate reads it. */
export function dueDocument(due: Due, intervalMs: number): object {
  return {
    schema: 'gt.gate/1',
    pass_started_at: new Date(due.passStartedAt).toISOString(),
    due_at: new Date(due.dueAt).toISOString(),
    interval_seconds: intervalMs / 1000,
    every_seconds: due.everyMs / 1000,
    ...(due.boot === null ? {} : { boot: due.boot }),
    tiers: due.tiers.map((tier) => ({
      below_seconds: tier.belowMs === null ? null : tier.belowMs / 1000,
      interval_seconds: tier.intervalMs / 1000,
    })),
  };
}
