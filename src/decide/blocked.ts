import { nudge } from '../model/action.ts';
import type { Blockage } from '../model/brake.ts';
import type { TickConfig } from '../model/config.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { Moment } from '../model/state.ts';
import { poked } from './backoff.ts';
import { refusedStart } from './brake.ts';
import { mayWait } from './overload.ts';
import { later, type Rule, type View } from './rule.ts';

const thawText =
  'HEARTBEAT: your usage limit should be over. Carry on with your round, or with what is on your hook.';
const lookText =
  'HEARTBEAT: you could not work a while ago. Carry on with your round, or with what is on your hook.';

const slugs = { limit: 'limited', login: 'blocked-login', dialog: 'blocked-dialog' } as const;

/**
 * A usage limit or a missing login is a state, not a crash (F31, F55): nobody is poked or started while it can not have ended.
 * When it can have, agents are woken one a pass (F32); what its screen says then decides anew.
 */
export const blockedRule: Rule = (view, world) => {
  const { agent, liveness, memory } = view;
  const { blocked } = memory;
  if (blocked === null || !endsByItself(blocked)) return null;
  const why = slugs[blocked.kind];
  const evidence = { detail: blocked.detail, since: blocked.since, looks: blocked.looks };
  const left = leftOf(blocked, world.snapshot, world.now);
  if (left > 0) {
    return { note: { agent: agent.id, rule: 'blocked', why, until: later(world.now, left), evidence } };
  }
  if (world.thaws !== agent.id)
    return { note: { agent: agent.id, rule: 'blocked', why: 'thawing', evidence } };
  if (liveness.is !== 'alive') return null;
  const text = blocked.kind === 'limit' ? thawText : lookText;
  // It is a poke like any other: the next one waits its turn.
  const slot = { sent: world.now, consumed: false, text, stranded: false };
  const backoff = memory.backoff === null ? null : poked(memory.backoff, world.now);
  return {
    memory: { ...memory, slot, backoff },
    action: nudge(view, liveness, { text }, `${why}-over`, evidence),
  };
};

/**
 * Who is woken in this pass: the first in role order whose blockage can have ended and who can be woken, so that one who
 * cannot keeps nobody waiting.
 */
export function nextThaw(
  views: readonly View[],
  snapshot: Snapshot,
  now: Moment,
  careful: boolean,
  brakes: TickConfig['brakes'],
  overloaded: boolean,
): View | null {
  if (careful || !snapshot.holds.known) return null;
  const found = views.find((view) => {
    const { blocked } = view.memory;
    if (blocked === null || !endsByItself(blocked) || view.hold !== null) return false;
    return (
      leftOf(blocked, snapshot, now) <= 0 &&
      (view.liveness.is === 'alive' || (canStart(view, now, brakes) && !(overloaded && mayWait(view))))
    );
  });
  return found ?? null;
}

function canStart(
  { wanted, liveness, program, memory: { brake } }: View,
  now: Moment,
  brakes: TickConfig['brakes'],
): boolean {
  const down =
    liveness.is === 'absent' || liveness.is === 'dead' || (liveness.is === 'shell' && !liveness.attached);
  const installed = program !== undefined && program.found !== null;
  return wanted && down && installed && refusedStart(brake, now, brakes) === null;
}

/** A dialog is looked at with every nudge, a full context by its own rule. */
function endsByItself(blocked: Blockage): blocked is Blockage & { readonly kind: 'limit' | 'login' } {
  return blocked.kind === 'limit' || blocked.kind === 'login';
}

/** Milliseconds until it can have ended and it is its turn. */
function leftOf({ until, lookAwake }: Blockage, { now: { wall } }: Snapshot, { awake }: Moment): number {
  const turn = lookAwake - awake;
  return until === null ? turn : Math.max(turn, Date.parse(until) - wall);
}
