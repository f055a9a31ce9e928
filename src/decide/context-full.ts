import { nudge } from '../model/action.ts';
import type { Blockage } from '../model/brake.ts';
import type { Observed } from '../model/condition.ts';
import { isPoked } from '../town/identity.ts';
import { human, witnessOf } from './notice-words.ts';
import { later, type Rule, type View } from './rule.ts';
import { workUnknown } from './work-unknown.ts';

/** A full context is looked at again after this long, milliseconds; the second look, which makes it certain, comes at once. */
const lookAgainMs = 10 * 60_000;

/** Why its screen is looked at: what is decided so types nothing, and costs nothing of what calls to it may cost. */
export const contextLook = 'context-look';

/**
 * An agent whose context is full lives, shows no life and can not be roused (F86): it is no crash and is not called, for
 * every word would only fill it more; nobody but a person may have it compacted. Its screen is looked at again now and
 * then. Once the banner is gone the other rules see it again.
 */
export const contextRule: Rule = (view, world) => {
  const { agent, session, liveness, memory } = view;
  const { blocked } = memory;
  if (blocked?.kind !== 'context' || liveness.is !== 'alive') return null;
  const idle = view.work === null && !isPoked(agent) && workUnknown(agent, world.snapshot) === null;
  if (idle) return { memory: { ...memory, blocked: null } };
  const evidence = { detail: blocked.detail, since: blocked.since, looks: blocked.looks };
  const note = { agent: agent.id, rule: 'blocked', why: 'blocked-context', evidence };
  const left = blocked.lookAwake - world.now.awake;
  if (left > 0) return { note: { ...note, until: later(world.now, left) } };
  if (world.careful) return { note };
  // Nothing is typed; where the composer is empty, that is the answer.
  return { action: nudge({ agent, session }, liveness, { text: '', finish: true }, contextLook, evidence) };
};

/** How long a screen that showed a full context so many times in a row is left alone, milliseconds. */
export function contextPause(looks: number): number {
  return looks < 2 ? 0 : lookAgainMs;
}

/** What is told of it once two looks in a row found it: one notice for the human, and for a worker one for its witness. */
export function contextConditions(view: View, blocked: Blockage): readonly Observed[] {
  const { agent, liveness, session, work } = view;
  if (blocked.looks < 2 || liveness.is !== 'alive') return [];
  const { id } = agent;
  const waits = work === null ? 'shows no life' : `${work.id} waits on its hook`;
  const text = `The screen of ${id} says since ${blocked.since} that its context is full, and ${waits}; it is not called while that stands there.`;
  const details = { screen: blocked.detail, hook_bead: work?.id ?? null, session };
  const cycle = `gt lifecycle request cycle --agent ${id}`;
  const told = human(`blocked-context:${id}`, 'blocked-context', id, {
    subject: `ALERT: the context of ${id} is full`,
    text,
    details,
    hint: `A successor with an empty context takes over its hook: ${cycle}`,
  });
  if (!('rig' in agent) || agent.role === 'witness') return [told];
  const mail: Observed = {
    ...told,
    key: `context-full:${id}`,
    code: 'context-full',
    to: witnessOf(agent.rig),
    subject: `CONTEXT_FULL: ${id} can not go on`,
    hint: `If nothing of its work is unsaved, have it replaced: ${cycle} (it would do the same itself with: gt handoff --cycle)`,
  };
  return [told, mail];
}
