import type { Instant } from '../model/instant.ts';
import type { ClockMemory } from '../model/state.ts';

/** Time in which nobody watched, so that silence proves nothing. */
export type Gap = 'first' | 'boot' | 'suspend' | 'clock-step' | 'pause';

/** Clocks may drift apart this much between two passes before we call it a gap. */
const tolerance = 60_000;
/** A scheduler that calls this much later than the longest interval has been asleep. */
const lateness = 10 * 60_000;

/** What interrupted our watching since the last pass; null when nothing did (design: ages are awake time). */
export function gapSince(clock: ClockMemory | null, now: Instant, longestInterval: number): Gap | null {
  if (clock === null) return 'first';
  if (clock.boot !== now.boot || (now.boot === '' && now.awake < clock.awake)) return 'boot';
  const awake = now.awake - clock.awake;
  const up = now.uptime - clock.uptime;
  const wall = now.wall - clock.wall;
  if (up - awake > tolerance) return 'suspend';
  if (Math.abs(wall - up) > tolerance) return 'clock-step';
  if (awake > longestInterval + lateness) return 'pause';
  return null;
}

/**
 * The clocks to remember after this pass. The town's own awake time never runs backwards;
 * after a gap every stamp older than now counts from now.
 */
export function advanceClock(clock: ClockMemory | null, now: Instant, gap: Gap | null): ClockMemory {
  const before = clock?.townAwake ?? 0;
  const passed = clock === null ? 0 : gap === 'boot' ? now.awake : now.awake - clock.awake;
  return {
    wall: now.wall,
    awake: now.awake,
    uptime: now.uptime,
    boot: now.boot,
    townAwake: before + Math.max(0, passed),
    agesFrom: gap === null && clock !== null ? Math.min(clock.agesFrom, now.wall) : now.wall,
  };
}
