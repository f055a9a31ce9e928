import { type Brake, noBrake } from '../model/brake.ts';
import type { TickConfig } from '../model/config.ts';
import type { Moment } from '../model/state.ts';
import { later } from './rule.ts';

/** The arithmetic of one agent's brake (design: restart brake; F07–F09). Total and pure. */
type Brakes = TickConfig['brakes'];

/** A scheduler that calls so early is not early. Milliseconds. */
const graceMs = 1_000;
/** Requested restarts count for this long, milliseconds of awake time. */
const requestedMs = 60 * 60_000;
/** Sessions ended by hand within this time mean that somebody wants it so (F21), or that nobody will ever see it (F25). */
const vanishedMs = 60 * 60_000;

/** Why it may not be started now, and until when. */
export interface BrakeRefusal {
  readonly why: 'brake' | 'breaker-open' | 'ended-by-hand';
  readonly until: string | null;
}

/** May the tick start this agent? Null: yes. */
export function refusedStart(brake: Brake | null, now: Moment, brakes: Brakes): BrakeRefusal | null {
  if (brake === null) return null;
  if (brake.withheld !== null) return { why: 'ended-by-hand', until: null };
  if (brake.open !== null) {
    const left = brake.open.untilAwake - now.awake;
    return left > 0 ? { why: 'breaker-open', until: later(now, left) } : null;
  }
  if (brake.lastStart === null || brake.attempts === 0) return null;
  const wait = waitBefore(brake.attempts, brakes);
  const left = brake.lastStart.awake + wait - now.awake;
  // A scheduler that calls a moment early must not cost a whole step.
  return left > Math.max(graceMs, wait / 10) ? { why: 'brake', until: later(now, left) } : null;
}

/** May it be replaced at its own request? The open breaker holds for that too (F08). */
export function refusedRequest(brake: Brake | null, now: Moment, brakes: Brakes): BrakeRefusal | null {
  if (brake === null) return null;
  if (brake.withheld !== null || brake.open !== null) return refusedStart(brake, now, brakes);
  const recent = brake.requested.filter((at) => now.awake - at < requestedMs);
  const [oldest] = recent;
  if (oldest === undefined || recent.length < brakes.requested) return null;
  return { why: 'brake', until: later(now, oldest + requestedMs - now.awake) };
}

/** Spent before the start: a crash in between makes us too careful, never too eager. The `first` start ever is no restart. */
export function spendStart(brake: Brake | null, now: Moment, first: boolean): Brake {
  const before = brake ?? noBrake;
  return {
    ...before,
    attempts: first ? before.attempts : before.attempts + 1,
    lastStart: now,
    down: false,
    probing: before.open !== null,
  };
}

export function spendRequest(brake: Brake | null, now: Moment): Brake {
  const before = brake ?? noBrake;
  const recent = before.requested.filter((at) => now.awake - at < requestedMs);
  return { ...before, requested: [...recent, now.awake], down: false };
}

/** The start was put off: what it had spent comes back, its death stays counted. */
export function unspendStart(spent: Brake | null, before: Brake | null): Brake | null {
  if (spent === null) return null;
  const { attempts, lastStart, probing } = before ?? noBrake;
  return { ...spent, attempts, lastStart, probing, down: true };
}

/** It was found dead. `vanished`: its session with it, while the server lives on. */
export function countDeath(brake: Brake | null, now: Moment, vanished: boolean, brakes: Brakes): Brake {
  const before = brake ?? noBrake;
  const deaths = [...before.deaths.filter((at) => now.awake - at <= brakes.windowMs), now.awake];
  const gone = vanished
    ? [...before.vanished.filter((at) => now.awake - at <= vanishedMs), now.awake]
    : before.vanished;
  const withheld = gone.length >= brakes.byHand && vanished ? (before.withheld ?? now.at) : before.withheld;
  return {
    ...before,
    deaths,
    vanished: gone,
    withheld,
    down: true,
    probing: false,
    open: openAfter(before, deaths.length, now, brakes),
  };
}

/** It died in something that befell many, or is kept down: no crash of its own. */
export function countNoDeath(brake: Brake | null): Brake {
  return { ...(brake ?? noBrake), down: true };
}

/**
 * It lives, as this process for `ageMs`. Thirty minutes of health forget everything; so does somebody else's start of
 * an agent that we had given up (F09).
 */
export function countAlive(brake: Brake | null, ageMs: number, brakes: Brakes): Brake | null {
  if (brake === null) return null;
  const givenUp = (brake.open !== null && !brake.probing) || brake.withheld !== null;
  const { requested } = brake;
  if (givenUp || ageMs >= brakes.healthyMs) return requested.length === 0 ? null : { ...noBrake, requested };
  return brake.down || brake.failure !== null ? { ...brake, down: false, failure: null } : brake;
}

function openAfter(before: Brake, deaths: number, now: Moment, brakes: Brakes): Brake['open'] {
  const arm = (waitMs: number) => ({ since: now.at, untilAwake: now.awake + waitMs, waitMs });
  if (before.open !== null)
    return before.probing
      ? { ...arm(Math.min(brakes.openCapMs, before.open.waitMs * 2)), since: before.open.since }
      : before.open;
  return deaths >= brakes.deaths ? arm(brakes.openMs) : null;
}

function waitBefore(attempts: number, { firstMs, capMs }: Brakes): number {
  return Math.min(capMs, firstMs * 2 ** Math.min(attempts - 1, 30));
}
