import type { TickConfig } from '../model/config.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { AgentMemory, Moment } from '../model/state.ts';
import type { View } from './rule.ts';

/** A clock that was set back by more than this since an agent was started tells nothing of its stamps. Milliseconds. */
const clockSlackMs = 60_000;

/**
 * Remembers of each agent that we started whether it has reported as itself since (design/failures.md F85): by a stamp of its
 * own (own-signs.ts) that is younger than its start. Whoever runs hooks that call us, and has
 * not after the newborn grace and as much time again, is misprimed. What cannot be read accuses nobody.
 */
export function noteFirstSigns(
  views: readonly View[],
  snapshot: Snapshot,
  now: Moment,
  tick: TickConfig,
): readonly View[] {
  if (views.every(isSettled)) return views;
  return views.map((view) => {
    const memory = judged(view, snapshot, now, tick);
    return memory === view.memory ? view : { ...view, memory };
  });
}

/** After how long an agent that is up should have reported, milliseconds of awake time; silent ones are called once before. */
export function readyWithin({ newbornMs }: TickConfig): number {
  return 2 * newbornMs;
}

/** How long its present process has been running, milliseconds of awake time. */
export function ageOf({ memory: { started } }: View, now: Moment): number {
  return started === null ? 0 : now.awake - started.awake;
}

function isSettled({ memory: { started, misprimed } }: View): boolean {
  return misprimed === null && (started?.ours !== true || started.reported === true);
}

function judged(view: View, snapshot: Snapshot, now: Moment, tick: TickConfig): AgentMemory {
  const { agent, liveness, memory, signs, wanted } = view;
  const { started, misprimed } = memory;
  if (liveness.is === 'absent' || liveness.is === 'dead') {
    // Its successor is a new one, unless it was ended for that very reason.
    const over = misprimed !== null && (misprimed.corrected === null || !wanted);
    return over ? { ...memory, misprimed: null } : memory;
  }
  if (liveness.is !== 'alive' || started === null) return memory;
  if (started.ours !== true) return misprimed === null ? memory : { ...memory, misprimed: null };
  const stamp = signs?.stamp;
  if (stamp === undefined || !stamp.known) return memory;
  const begun = Date.parse(started.at);
  if (stamp.value !== null && stamp.value >= begun)
    return { ...memory, started: { ...started, reported: true }, misprimed: null };
  const age = ageOf(view, now);
  if (age - (snapshot.now.wall - begun) > clockSlackMs)
    return misprimed === null ? memory : { ...memory, misprimed: null };
  const sign = snapshot.firstSigns?.[agent.id];
  if (sign === undefined || !sign.hooks || memory.blocked !== null) return memory;
  if (age < readyWithin(tick)) return memory;
  if (misprimed !== null && misprimed.as === sign.as) return memory;
  const { since, corrected } = misprimed ?? { since: now.at, corrected: null };
  return { ...memory, misprimed: { since, as: sign.as, corrected } };
}
