import type { Tier } from '../model/config.ts';

/**
 * How long until the next pass, by how long nobody has worked here (spec/tick.md §5.2).
 * `idle` in milliseconds; null: unknown, which counts as just now. A negative idle time does too.
 */
export function tierFor(idle: number | null, tiers: readonly Tier[]): Tier {
  const fitting = tiers.find((tier) => tier.belowMs === null || (idle ?? 0) < tier.belowMs);
  return fitting ?? { belowMs: null, intervalMs: 5 * 60_000 };
}

/** The town has been idle for as long as we distinguish. */
export function isDeepest(tier: Tier): boolean {
  return tier.belowMs === null;
}

export function longestInterval(tiers: readonly Tier[]): number {
  return Math.max(...tiers.map((tier) => tier.intervalMs));
}
