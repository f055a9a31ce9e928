import { recreate, start } from '../model/action.ts';
import type { Note } from '../model/plan.ts';
import { later, type Rule, type View, type World } from './rule.ts';
import { hasFinished } from './wanted.ts';
import { workUnknown } from './work-unknown.ts';

/**
 * A polecat with open work on its hook and nobody alive in its session has crashed: it is started again
 * (spec/tick.md §7.4). Closed, missing, reassigned or parked work brings nobody back, nor does a polecat that says
 * it has finished; one whose session is still being made is given time (F27, F28).
 */
export const crashRule: Rule = (view, world) => {
  const { agent, liveness, work, workMemory, record, memory, program } = view;
  if (agent.role !== 'polecat' || (liveness.is !== 'absent' && liveness.is !== 'dead')) return null;
  const quiet = (why: string, more: Partial<Note> = {}) => ({
    note: { agent: agent.id, rule: 'crash', why, ...more },
  });
  const unknown = work === null ? workUnknown(agent, world.snapshot) : null;
  if (unknown !== null)
    return memory.started === null ? null : quiet('work-unknown', { evidence: { reason: unknown } });
  if (work === null) return liveness.is === 'dead' ? quiet('work-over') : null;
  const evidence = { work: work.id, deaths: workMemory?.deaths ?? 0 };
  if (workMemory?.parked != null)
    return quiet('work-parked', { evidence: { ...evidence, since: workMemory.parked } });
  if (hasFinished(record))
    return quiet('finished', { evidence: { ...evidence, state: record?.state ?? null } });
  const left = spawningLeft(view, world);
  if (left > 0) return quiet('spawning', { until: later(world.now, left), evidence });
  if (world.careful) return quiet('careful', { evidence });
  if (program === undefined || program.found === null) return quiet('program-missing', { evidence });
  const why = 'crashed-polecat';
  const found = { ...evidence, runtime: program.runtime, since: memory.troubleSince };
  if (liveness.is === 'absent') return { action: start(view, why, found) };
  const { status, signal } = liveness;
  return { action: recreate(view, liveness, why, { ...found, status, signal }) };
};

/**
 * How much longer a session may still be in the making, milliseconds: upstream hooks work before its polecat exists. One that
 * has been seen since then, or whose record says that it works, exists. An undated record counts from when we first saw the work.
 */
function spawningLeft(
  { liveness, work, workMemory, record, memory }: View,
  { snapshot, now, agesFrom, config }: World,
): number {
  const { newbornMs } = config.tick;
  const sinceFirstSight = workMemory === null ? 0 : now.awake - workMemory.seen.awake;
  const ageOf = (at: string | null): number => {
    const stamp = at === null ? Number.NaN : Date.parse(at);
    if (Number.isNaN(stamp) || stamp > snapshot.now.wall) return sinceFirstSight;
    return snapshot.now.wall - Math.max(stamp, Math.min(agesFrom, snapshot.now.wall));
  };
  if (record?.state === 'spawning') return newbornMs - ageOf(record.updated);
  // Its session was made already, or whoever gave it the work says that it exists.
  if (liveness.is === 'dead' || record?.state === 'working') return 0;
  const hookedAt = work?.since == null ? Number.NaN : Date.parse(work.since);
  const { started, brake } = memory;
  const livedSince =
    started !== null &&
    (Number.isNaN(hookedAt) || Date.parse(started.at) >= hookedAt || sinceFirstSight > newbornMs);
  if (livedSince || (brake !== null && brake.attempts > 0)) return 0;
  return newbornMs - ageOf(work?.since ?? null);
}
