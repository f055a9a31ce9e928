import { exitStatus, Failure } from '../exit.ts';
import { parseDuration } from '../town/duration.ts';

/** Minutes that all schedulers can count: the same moments in every hour. */
const minutes = [1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60] as const;

/** Reads `--every`. Throws a {@link Failure} `usage` (64) that names the nearest length a scheduler can keep. */
export function everyMinutes(text: string): number {
  const ms = parseDuration(text);
  const found = minutes.find((one) => one * 60_000 === ms);
  if (found !== undefined) return found;
  const near = ms === null ? 1 : nearestMinutes(ms);
  throw new Failure(
    'usage',
    exitStatus.usage,
    `Schedulers call at the same minutes of every hour, so --every is one of ${minutes.join(', ')} minutes, not ${JSON.stringify(text)}.`,
    `gt schedule install --every ${near}m`,
  );
}

/** The nearest length a scheduler can keep to a time in milliseconds; not longer, where there is a shorter one. */
export function nearestMinutes(ms: number): number {
  return minutes.findLast((one) => one * 60_000 <= ms) ?? 1;
}

/** When a scheduler that calls at the same minutes of every hour calls next. Milliseconds since 1970. */
export function nextCall(now: number, everyMs: number): number {
  return (Math.floor(now / everyMs) + 1) * everyMs;
}
