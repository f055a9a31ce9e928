import { later, type Rule } from './rule.ts';
import { silenceOf } from './silence.ts';
import { ageOfWork, climbed, nextRung, rungIn } from './stale.ts';

/**
 * The upper rungs for an agent that two calls did not rouse (spec/tick.md §7.2): its witness is told, then the human; it is
 * ended only where the settings say so, and the next pass starts its successor. Who is told follows from the rung.
 */
export const guppRule: Rule = (view, world) => {
  const { agent, liveness, work, memory } = view;
  if (liveness.is !== 'alive' || work === null || memory.ladder === null) return null;
  const silence = silenceOf(view, world);
  if (silence === null) return null;
  const { work: limits } = world.config.tick;
  const age = Math.min(silence.age, ageOfWork(view, world));
  const next = nextRung(memory.ladder.rung, limits);
  const evidence = { work: work.id, silent_seconds: Math.round(age / 1000), rung: memory.ladder.rung };
  const note = { agent: agent.id, rule: 'gupp', why: 'gupp', evidence };
  if (next === null) return { note, memory: silence.memory };
  const left = rungIn(next, age, view, world);
  if (left > 0) return { note: { ...note, until: later(world.now, left) }, memory: silence.memory };
  if (next !== 5)
    return {
      note: { ...note, evidence: { ...evidence, rung: next } },
      memory: climbed(silence.memory, next, world),
    };
  if (world.careful) return { note: { ...note, why: 'careful' }, memory: silence.memory };
  const { pane, panePid } = liveness;
  return {
    action: {
      kind: 'kill',
      id: `kill:${agent.id}`,
      agent: agent.id,
      session: view.session,
      pane,
      panePid,
      why: 'gupp',
      evidence,
    },
    memory: climbed(silence.memory, 5, world),
  };
};
