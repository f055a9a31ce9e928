/** What we remember of one store between passes. Times are milliseconds since 1970. */
export interface Health<V> {
  readonly trouble: {
    readonly since: number;
    readonly failures: number;
    readonly reason: string;
    /** Not asked before; null while every pass still asks. */
    readonly probeAt: number | null;
  } | null;
  readonly last: { readonly at: number; readonly view: V } | null;
}

/** So many failures in a row open the breaker: asking a sick store makes it sicker (failures F67). */
const failuresToOpen = 3;
const firstRestMs = 5 * 60_000;
const longestRestMs = 30 * 60_000;
/** What was known of a store longer ago than this is not used any more. */
const lastKnownLimitMs = 6 * 60 * 60_000;
/** A probe of a store that was silent is waited for no longer than this. */
export const probeTimeoutMs = 3_000;

/** Whether to ask a store: as always, for a short while only, or not at all yet. A clock set back never keeps it closed. */
export function howToAsk(health: Health<unknown> | undefined, now: number): 'ask' | 'probe' | 'rest' {
  const probeAt = health?.trouble?.probeAt ?? null;
  if (probeAt === null) return 'ask';
  return now >= probeAt || probeAt - now > longestRestMs ? 'probe' : 'rest';
}

export function afterSuccess<V>(view: V, now: number): Health<V> {
  return { trouble: null, last: { at: now, view } };
}

export function afterFailure<V>(health: Health<V> | undefined, reason: string, now: number): Health<V> {
  const failures = (health?.trouble?.failures ?? 0) + 1;
  const rest = Math.min(firstRestMs * 2 ** Math.max(0, failures - failuresToOpen), longestRestMs);
  return {
    trouble: {
      since: health?.trouble?.since ?? now,
      failures,
      reason,
      probeAt: failures < failuresToOpen ? null : now + rest,
    },
    last: health?.last ?? null,
  };
}

/** What was last known, while it is not too old to be used. A date in the future is no date. */
export function lastKnown<V>(health: Health<V> | undefined, now: number): { at: number; view: V } | null {
  const last = health?.last ?? null;
  if (last === null) return null;
  const age = now - last.at;
  return age >= -60_000 && age <= lastKnownLimitMs ? last : null;
}
