export type Freshness = 'fresh' | 'stale' | 'very-stale';

/**
 * How long ago an agent showed that it lives (spec/tick.md §4.2.2; design: 5 and 15 minutes).
 * `age` in milliseconds; null: it never did.
 */
export function freshnessOf(age: number | null, limits: { staleMs: number; veryStaleMs: number }): Freshness {
  if (age === null || age >= limits.veryStaleMs) return 'very-stale';
  return age >= limits.staleMs ? 'stale' : 'fresh';
}
