import { type Blockage, noBrake } from '../model/brake.ts';
import type { Action, Outcome } from '../model/plan.ts';
import type { AgentMemory, Moment } from '../model/state.ts';
import { countNoDeath, unspendStart } from './brake.ts';
import { contextLook, contextPause } from './context-full.ts';
import { limitUntil } from './limit-until.ts';

/** Pauses before a screen without an end of its limit is looked at again: twice as long each time. Milliseconds. */
const firstLookMs = 30 * 60_000;
const longestLookMs = 4 * 60 * 60_000;
/** A start or nudge that was to find out whether a blockage is over and came to nothing waits so long for its next turn. */
const nextTurnMs = 5 * 60_000;
const longestDetail = 200;

/** A start of ours and what became of it: a new process, a failure, or nothing at all. */
export function settleStart(
  before: AgentMemory,
  memory: AgentMemory,
  outcome: Outcome,
  now: Moment,
): AgentMemory {
  const found = blockedBy(before, outcome, now);
  if (found !== null) {
    // Its last screen says why it ended: no crash (F31).
    return { ...memory, brake: countNoDeath(before.brake), blocked: found };
  }
  const failure = (outcome.error ?? outcome.result).slice(0, longestDetail);
  switch (outcome.result) {
    case 'skipped':
      return inTurn({ ...memory, brake: unspendStart(memory.brake, before.brake) }, now);
    case 'failed':
      return inTurn({ ...memory, brake: failedStart(memory.brake, outcome, failure) }, now);
    case 'ok':
      return newborn(memory, outcome, now);
  }
}

/** Where nobody was started, nobody can have died: that nobody is there next time is the same absence, no second one. */
function failedStart(brake: AgentMemory['brake'], { pane }: Outcome, failure: string): AgentMemory['brake'] {
  return brake === null ? null : { ...brake, failure, ...(pane === null ? { down: true } : {}) };
}

/** A new process: nothing that was known of its predecessor counts for it, but how it came to die. */
export function newborn(memory: AgentMemory, outcome: Outcome, now: Moment): AgentMemory {
  const { pane, panePid, serverPid } = outcome;
  if (outcome.result !== 'ok' || pane === null || panePid === null || serverPid === null) return memory;
  return {
    ...memory,
    started: { ...now, pane, panePid, serverPid, ours: true },
    shellSightings: 0,
    troubleSince: null,
    backoff: null,
    slot: null,
    deferrals: null,
    ladder: null,
    blocked: null,
    // Whoever was ended once for never having reported is not ended for that again.
    misprimed: memory.misprimed?.corrected == null ? null : memory.misprimed,
    touched: now,
    brake: memory.brake === null ? null : { ...memory.brake, failure: null },
  };
}

/** Its second start by request failed as well, which ends the request: what is left of it is why. */
export function restartInVain(memory: AgentMemory, { error, result }: Outcome): AgentMemory {
  return { ...memory, brake: { ...(memory.brake ?? noBrake), failure: plain(error ?? result) } };
}

/** We ended it ourselves: its death is no crash. One that was spared may still be ended once. */
export function settleKill(
  before: AgentMemory,
  memory: AgentMemory,
  outcome: Outcome,
  now: Moment,
): AgentMemory {
  if (outcome.result === 'ok') return { ...memory, brake: countNoDeath(memory.brake) };
  const corrected = before.misprimed?.corrected ?? null;
  const spared = outcome.result === 'skipped' && memory.misprimed !== null;
  return spared ? { ...memory, misprimed: { ...memory.misprimed, corrected, spared: now.awake } } : memory;
}

/**
 * A nudge. What its screen said may keep it from being poked at all for a while; a call over its work that was not made
 * takes no rung.
 */
export function settleNudge(
  before: AgentMemory,
  memory: AgentMemory,
  action: Extract<Action, { kind: 'nudge' }>,
  outcome: Outcome,
  now: Moment,
): AgentMemory {
  if (action.why === contextLook) return settleLook(before, memory, outcome, now);
  if (outcome.result === 'ok') {
    const slot = memory.slot === null ? null : { ...memory.slot, stranded: false };
    const typed = action.finish && memory.slot !== null ? memory.slot.sent : now;
    return { ...memory, slot, deferrals: null, blocked: null, touched: typed };
  }
  const reason = outcome.reason ?? outcome.error ?? outcome.result;
  const deferrals = {
    count: (before.deferrals?.count ?? 0) + 1,
    reason,
    since: before.deferrals?.since ?? now.at,
  };
  const blocked =
    blockedBy(before, outcome, now) ??
    (reason === 'dialog' ? memory.blocked : unblocked(inTurn(memory, now), reason));
  const rung = action.why === 'work-stale' ? before.ladder : memory.ladder;
  const ladder = blocked === null || blocked.kind === 'dialog' ? rung : null;
  const isHeartbeat = action.why.startsWith('heartbeat-') || action.why === 'stranded';
  if (!isHeartbeat) return { ...memory, blocked, ladder, deferrals };
  if (reason === 'stranded') {
    const slot = memory.slot === null ? null : { ...memory.slot, stranded: true };
    return { ...memory, slot, deferrals, blocked, ladder };
  }
  return {
    ...memory,
    backoff: before.backoff,
    slot: before.slot,
    lastMessage: before.lastMessage,
    deferrals,
    blocked,
    ladder,
  };
}

/** A look at a screen that types nothing: what stood in its way is gone, stands there still, or could not be seen. */
function settleLook(before: AgentMemory, memory: AgentMemory, outcome: Outcome, now: Moment): AgentMemory {
  if (outcome.result === 'ok') return { ...memory, deferrals: null, blocked: null };
  const there = blockedBy(before, outcome, now);
  return { ...memory, blocked: there ?? unblocked(inTurn(memory, now), outcome.reason ?? outcome.result) };
}

/** Nothing was found out about its blockage: meanwhile it is the turn of others. */
function inTurn(memory: AgentMemory, { awake }: Moment): AgentMemory {
  const { blocked } = memory;
  if (blocked === null || blocked.kind === 'dialog') return memory;
  return { ...memory, blocked: { ...blocked, lookAwake: Math.max(blocked.lookAwake, awake + nextTurnMs) } };
}

/** A screen that could be read and shows something else is not blocked any more; one that could not says nothing. */
function unblocked({ blocked }: AgentMemory, reason: string): Blockage | null {
  return ['draft', 'busy', 'copy-mode', 'shell'].includes(reason) ? null : blocked;
}

/** What a screen showed that keeps its agent from working; null: nothing of the kind. */
function blockedBy(
  { blocked }: AgentMemory,
  { result, reason, error }: Outcome,
  now: Moment,
): Blockage | null {
  if (result !== 'skipped' || !isBlockage(reason)) return null;
  const again = blocked?.kind === reason ? blocked : null;
  const looks = (again?.looks ?? 0) + 1;
  const wall = Date.parse(now.at);
  const detail = plain(error ?? '');
  const ends = reason === 'limit' ? limitUntil(detail, wall) : null;
  // An end that has come and gone without effect is not believed a second time.
  const disbelieved = again?.until != null && again.detail === detail && Date.parse(again.until) <= wall;
  const until = ends === null || disbelieved ? null : new Date(ends).toISOString();
  const patience = Math.min(longestLookMs, firstLookMs * 2 ** Math.min(looks - 1, 10));
  const pause =
    reason === 'context' ? contextPause(looks) : reason === 'dialog' || until !== null ? 0 : patience;
  return { kind: reason, detail, since: again?.since ?? now.at, until, lookAwake: now.awake + pause, looks };
}

function isBlockage(reason: string | null): reason is Blockage['kind'] {
  return reason === 'limit' || reason === 'login' || reason === 'dialog' || reason === 'context';
}

function plain(text: string): string {
  return text
    .replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ')
    .slice(0, longestDetail)
    .trim();
}
