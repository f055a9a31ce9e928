import { kill } from '../model/action.ts';
import type { Evidence } from '../model/plan.ts';
import { later, type Rule, type View, type World } from './rule.ts';
import { silenceOf } from './silence.ts';
import { ageOfWork, climbed, isExcused, nextRung, rungIn } from './stale.ts';

/**
 * The upper rungs for an agent that two calls did not rouse (spec/tick.md §7.2): its witness is told, then the human; it is
 * ended only where the settings say so, nobody is at its pane and nothing was put off, and the next pass starts its
 * successor. Who is told follows from the rung.
 */
export const guppRule: Rule = (view, world) => {
  const { agent, liveness, work, memory } = view;
  if (liveness.is !== 'alive' || work === null || isExcused(view)) return null;
  const silence = silenceOf(view, world);
  if (silence === null) return null;
  const { work: limits } = world.config.tick;
  const age = Math.min(silence.age, ageOfWork(view, world));
  const next = nextRung(view, age, limits);
  if (next === 1 || next === 2) return null;
  const evidence = { work: work.id, silent_seconds: Math.round(age / 1000), rung: memory.ladder?.rung ?? 0 };
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
  const kept = whatKeepsIt(liveness.pane, view, world);
  if (kept !== null) return { note: { ...note, why: kept }, memory: silence.memory };
  return {
    action: kill(view, liveness, 'gupp', { ...evidence, ...lastSeen(view) }),
    memory: climbed(silence.memory, 5, world),
  };
};

/** Somebody may be at its pane, or have a draft in its composer: such an agent is told of and left running. */
export function whatKeepsIt(pane: string, { memory }: View, { snapshot: { tmux } }: World): string | null {
  const panes = tmux.known && tmux.value.kind === 'running' ? tmux.value.panes : [];
  if (panes.every((one) => one.pane !== pane || one.attached > 0)) return 'attached';
  return memory.deferrals === null ? null : 'put-off';
}

/** Its newest signs of life, RFC 3339: whoever ends it looks for newer ones first. */
export function lastSeen({ output, signs }: View): Evidence {
  const at = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
  return { output: at(output), stamp: at(signs?.stamp.known ? signs.stamp.value : null) };
}
