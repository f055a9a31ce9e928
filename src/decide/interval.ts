import type { TickConfig } from '../model/config.ts';
import type { Action, Note } from '../model/plan.ts';

/** Notes that ask for another look at the scheduler's next call. */
const unsettled = ['budget', 'careful', 'first-sighting', 'thawing', 'spawn-waiting', 'overloaded'];

/** Rules whose notes say when they will act. */
const appointed = [
  'backoff',
  'slot',
  'newborn',
  'timer',
  'flag-missing',
  'brake',
  'breaker-open',
  'limited',
  'blocked-login',
  'blocked-context',
  'awaiting',
  'spawning',
  'work-stale',
  'gupp',
];

/**
 * Milliseconds until the next pass: the activity tier's interval, or sooner where a rule is waiting for a moment that
 * comes earlier, but never sooner than the scheduler calls.
 */
export function nextInterval(
  tierMs: number,
  notes: readonly Note[],
  actions: readonly Action[],
  nowWall: number,
  config: TickConfig,
): number {
  const appointments = notes.flatMap((note) => {
    if (unsettled.includes(note.why)) return [config.everyMs];
    if (appointed.includes(note.why) && note.until !== undefined) return [Date.parse(note.until) - nowWall];
    return [];
  });
  // Whoever was started or ended is looked at again at once: what dies at birth must not live for a whole interval.
  if (actions.some(({ kind }) => kind === 'start' || kind === 'recreate' || kind === 'kill'))
    return config.everyMs;
  const soonest = appointments.reduce((a, b) => Math.min(a, b), tierMs);
  return Math.max(config.everyMs, soonest);
}
