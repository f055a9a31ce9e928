import type { Rule } from './rule.ts';
import { later } from './rule.ts';

/**
 * An agent we started a moment ago is left in peace: its files are its predecessor's, and it may still be on its way
 * through a shell (design: newborn grace).
 */
export const newbornRule: Rule = ({ agent, liveness, memory }, { now, config }) => {
  if (memory.started === null || (liveness.is !== 'alive' && liveness.is !== 'shell')) return null;
  const age = now.awake - memory.started.awake;
  const left = config.tick.newbornMs - age;
  if (left <= 0) return null;
  return {
    note: {
      agent: agent.id,
      rule: 'newborn',
      why: 'newborn',
      until: later(now, left),
      evidence: { started: memory.started.at },
    },
    memory: { ...memory, shellSightings: 0 },
  };
};
