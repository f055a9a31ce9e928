import type { AgentMemory, Moment } from '../model/state.ts';
import type { View, World } from './rule.ts';

/** What a pane prints this soon after a nudge is the nudge itself. Milliseconds. */
export const echoMs = 60_000;

/**
 * How long the agent has been silent, in time we could have heard it: since its newest stamp, our last start of it or
 * the last gap, whichever is latest. A stamp from the future ages from when we first saw it.
 */
export function stampAge(
  stamp: number | null,
  { memory }: View,
  { snapshot, now, agesFrom }: World,
): { age: number; memory: AgentMemory } {
  const wall = snapshot.now.wall;
  const future = stamp === null || stamp <= wall ? null : firstSeen(stamp, memory, now);
  const ages = [
    wall - agesFrom,
    ...(memory.started === null ? [] : [now.awake - memory.started.awake]),
    ...(future === null ? [] : [now.awake - future.seen.awake]),
    ...(stamp === null || future !== null ? [] : [wall - stamp]),
  ];
  return { age: Math.max(0, Math.min(...ages)), memory: { ...memory, futureStamp: future } };
}

function firstSeen(stamp: number, memory: AgentMemory, now: Moment): { stamp: number; seen: Moment } {
  return memory.futureStamp?.stamp === stamp ? memory.futureStamp : { stamp, seen: now };
}

/**
 * The same with a second, independent signal: what its pane prints. Null: the files could not be read, so nobody can say.
 */
export function silenceOf(view: View, world: World): { age: number; memory: AgentMemory } | null {
  const { signs, output, memory } = view;
  if (signs !== undefined && !signs.stamp.known) return null;
  const stamped = stampAge(signs?.stamp.known ? signs.stamp.value : null, view, world);
  const since = memory.ladder?.wall ?? null;
  const echo = output !== null && since !== null && output >= since && output - since <= echoMs;
  if (output === null || echo) return stamped;
  return { ...stamped, age: Math.max(0, Math.min(stamped.age, world.snapshot.now.wall - output)) };
}
