import { recreate } from '../model/action.ts';
import type { Rule } from './rule.ts';

/** A bare shell must be seen in this many passes in a row before it is taken for a dead agent. */
const sightingsNeeded = 2;

/**
 * A session whose agent left a bare shell behind is a zombie: it gets a new agent in the same pane, after a second
 * sighting, never while somebody is attached and may be typing, and never for agents that nobody asked us to keep.
 */
export const zombieRule: Rule = ({ agent, session, wanted, liveness, program, memory }, { careful }) => {
  if (!wanted || liveness.is !== 'shell') return null;
  const { command } = liveness;
  const evidence = { command, sightings: memory.shellSightings, since: memory.troubleSince };
  const waiting = (why: string) => ({ note: { agent: agent.id, rule: 'zombie', why, evidence } });
  if (memory.shellSightings < sightingsNeeded) return waiting('first-sighting');
  if (liveness.attached) return waiting('attached');
  if (careful) return waiting('careful');
  if (program === undefined || program.found === null) return waiting('program-missing');
  return { action: recreate({ agent, session }, liveness, 'bare-shell', evidence) };
};
