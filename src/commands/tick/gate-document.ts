import type { Due } from '../../due.ts';
import type { Touched } from '../../store/port.ts';

/** `daemon/due.json`, as the gate reads it. `touched`: of a store that others write to. */
export function dueDocument(due: Due, intervalMs: number, touched?: Touched): object {
  return {
    schema: 'gt.gate/1',
    pass_started_at: new Date(due.passStartedAt).toISOString(),
    due_at: new Date(due.dueAt).toISOString(),
    interval_seconds: intervalMs / 1000,
    every_seconds: due.everyMs / 1000,
    ...(due.boot === null ? {} : { boot: due.boot }),
    ...(touched === undefined ? {} : { touched }),
    tiers: due.tiers.map((tier) => ({
      below_seconds: tier.belowMs === null ? null : tier.belowMs / 1000,
      interval_seconds: tier.intervalMs / 1000,
    })),
  };
}
