import { nudge } from '../model/action.ts';
import type { Ladder } from '../model/brake.ts';
import type { TickConfig } from '../model/config.ts';
import type { AgentMemory } from '../model/state.ts';
import { later, type Rule, type View, type World } from './rule.ts';
import { silenceOf } from './silence.ts';
import { hasFinished } from './wanted.ts';

/** Fixed words: what is typed into a pane carries nothing that anybody else wrote. */
const texts = {
  1: 'HEALTH_CHECK: work waits on your hook and you have been silent for a while. Run: gt hook',
  2: 'HEALTH_CHECK: second call. Work still waits on your hook. Carry on with it, or say by mail what keeps you.',
} as const;

/**
 * An agent that is there, holds work and shows no life: neither a stamp of its own nor anything on its screen, in time the
 * machine was awake (F03). It is called twice; any sign of life begins anew. Nothing here ends anybody (F01, F18, F19).
 * Nobody is called over parked work, nor is an agent that says it has finished.
 */
export const staleRule: Rule = (view, world) => {
  const { agent, liveness, work } = view;
  if (liveness.is !== 'alive' || work === null) return null;
  if (isExcused(view))
    return view.memory.ladder === null ? null : { memory: { ...view.memory, ladder: null } };
  const silence = silenceOf(view, world);
  if (silence === null) return { note: { agent: agent.id, rule: 'stale', why: 'signs-unknown' } };
  const { work: limits } = world.config.tick;
  const age = Math.min(silence.age, ageOfWork(view, world));
  const calm: AgentMemory = { ...silence.memory, ladder: null };
  if (age < limits.staleMs)
    return view.memory.ladder === null ? null : { memory: calm, note: wellNote(view) };
  const next = nextRung(view, age, limits);
  if (next === null || next > 2) return null;
  const evidence = { work: work.id, silent_seconds: Math.round(age / 1000), rung: next };
  const left = rungIn(next, age, view, world);
  const waiting = (why: string, until?: string) => ({
    note: { agent: agent.id, rule: 'stale', why, evidence, ...(until === undefined ? {} : { until }) },
    memory: silence.memory,
  });
  if (left > 0) return waiting('work-stale', later(world.now, left));
  if (world.careful) return waiting('careful');
  return {
    action: nudge(view, liveness, { text: texts[next === 1 ? 1 : 2] }, 'work-stale', evidence),
    memory: climbed(silence.memory, next, world),
  };
};

/** Calls put off so often are made no more once somebody is to be told anyway. */
const callsPutOff = 3;

/** It has finished, or nobody is to go on with its work: its silence is as it should be. */
export function isExcused({ record, workMemory }: View): boolean {
  return hasFinished(record) || workMemory?.parked != null;
}

/** The rung after the one it stands on; null: there is none. */
export function nextRung(
  { memory: { ladder, deferrals }, wanted }: View,
  age: number,
  { last, guppMs }: TickConfig['work'],
): Ladder['rung'] | null {
  const putOff = age >= guppMs && (deferrals?.count ?? 0) >= callsPutOff;
  switch (ladder?.rung ?? 0) {
    case 0:
      return putOff ? 3 : 1;
    case 1:
      return putOff ? 3 : 2;
    case 2:
      return 3;
    case 3:
      return 4;
    case 4:
      // Only whom the tick would start again.
      return last === 'restart' && wanted ? 5 : null;
    default:
      return null;
  }
}

/** After how much silence a rung is taken, milliseconds. */
function dueAfter(rung: Ladder['rung'], { staleMs, guppMs }: TickConfig['work']): number {
  switch (rung) {
    case 1:
      return staleMs;
    case 2:
      return staleMs + (guppMs - staleMs) / 2;
    case 3:
      return guppMs;
    case 4:
      return guppMs * 2;
    case 5:
      return guppMs * 2 + staleMs;
  }
}

/**
 * How long until a rung may be taken, milliseconds: after its silence, and never right after the one before it, so that
 * whoever is found silent for hours is called like anybody else.
 */
export function rungIn(rung: Ladder['rung'], age: number, { memory }: View, { now, config }: World): number {
  const limits = config.tick.work;
  const apart = (limits.guppMs - limits.staleMs) / 4;
  const since = memory.ladder === null ? apart : now.awake - memory.ladder.at.awake;
  return Math.max(dueAfter(rung, limits) - age, apart - since);
}

export function climbed(memory: AgentMemory, rung: Ladder['rung'], { now, snapshot }: World): AgentMemory {
  return { ...memory, ladder: { rung, at: now, wall: snapshot.now.wall } };
}

/** How long we have known this work to lie on its hook, milliseconds. */
export function ageOfWork({ workMemory }: View, { now }: World): number {
  return workMemory === null ? 0 : now.awake - workMemory.seen.awake;
}

function wellNote({ agent }: View) {
  return { agent: agent.id, rule: 'stale', why: 'fresh' };
}
