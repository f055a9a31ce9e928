import { answered } from './backoff.ts';
import { later, type Rule, type View, type World } from './rule.ts';

/** No wait is believed for longer than this after it was declared, milliseconds. */
const longestMs = 60 * 60_000;

/**
 * An agent that says it waits until then is neither called nor told of (F60): its silence is as it should be. What it says
 * counts from when it said so, and only for the process that said it.
 */
export const awaitingRule: Rule = (view, world) => {
  const { agent, liveness, memory } = view;
  if (liveness.is !== 'alive') return null;
  const until = awaitedUntil(view, world);
  if (until === null) return null;
  const left = until - world.snapshot.now.wall;
  const { backoff } = memory;
  return {
    note: { agent: agent.id, rule: 'awaiting', why: 'awaiting', until: later(world.now, left) },
    memory: {
      ...memory,
      ladder: null,
      backoff: backoff === null ? null : answered(backoff, world.config.tick.poke),
    },
  };
};

/** Until when it waits on purpose, milliseconds since 1970; null: it does not, or says so without credit. */
function awaitedUntil({ signs, memory: { started } }: View, { snapshot }: World): number | null {
  const { awaits } = signs ?? {};
  const { wall } = snapshot.now;
  if (awaits === undefined || awaits.since > wall) return null;
  if (started !== null && awaits.since < Date.parse(started.at)) return null;
  const until = Math.min(awaits.until, awaits.since + longestMs);
  return until > wall ? until : null;
}
