import { closest, distance } from 'fastest-levenshtein';

/** The candidate somebody most likely meant, or null when none is close enough to suggest. */
export function nearest(given: string, candidates: readonly string[]): string | null {
  if (candidates.length === 0) return null;
  const best = closest(given, candidates);
  return distance(given, best) <= Math.max(2, Math.floor(given.length / 3)) ? best : null;
}
