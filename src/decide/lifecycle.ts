import type { AgentId } from '../model/agent.ts';
import type { Message } from '../model/message.ts';
import type { Action, RequestDeed } from '../model/plan.ts';
import { type Refusal, refused } from '../model/request.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { Claim, State } from '../model/state.ts';
import { mailboxOf, mailboxOfAgent } from '../town/mailbox.ts';
import { parseRequest } from './lifecycle-request.ts';
import { type DueRequest, sortRequests } from './requests.ts';
import type { Rule, Verdict, View } from './rule.ts';
import { later } from './rule.ts';

/** How long a request waits for its agent's own flag before it is retired (F05). */
const confirmationMs = 5 * 60_000;

/** A request that concerns an agent in this pass. */
export interface PendingRequest extends DueRequest {
  /** Claimed by a pass that was cut short. */
  readonly resumed: boolean;
  /** The agent's process when that pass decided to act on it; null: it had none; `unknown`: nobody remembers. */
  readonly panePid: number | null | 'unknown';
}

export interface Requests {
  readonly byAgent: ReadonlyMap<AgentId, PendingRequest>;
  /** One action for each message that is not carried out. */
  readonly retired: readonly Action[];
}

/** Sorts the keeper's lifecycle mail: one request per agent, everything else to be retired with its reason. */
export function requestsIn({ keeper, rigs, now }: Snapshot, { claims }: State): Requests {
  if (!keeper.known || !rigs.known) return { byAgent: new Map(), retired: [] };
  const resumed = sortRequests(keeper.value.claimed, rigs.value, null);
  const fresh = sortRequests(keeper.value.waiting, rigs.value, now.wall);
  const byAgent = new Map<AgentId, PendingRequest>();
  for (const request of fresh.due)
    byAgent.set(request.agent.id, { ...request, resumed: false, panePid: 'unknown' });
  for (const request of resumed.due) {
    const claim = claims.find(({ message }) => message === request.message.id);
    const panePid = claim === undefined ? 'unknown' : claim.panePid;
    byAgent.set(request.agent.id, { ...request, resumed: true, panePid });
  }
  const isAlone = (agent: AgentId | null) => agent !== null && !byAgent.has(agent);
  const retired = [
    ...fresh.retired.map((one) => retire(one.message, one.agent, one.refusal, false, isAlone(one.agent))),
    ...resumed.retired.map((one) => retire(one.message, one.agent, one.refusal, true, isAlone(one.agent))),
  ];
  return { byAgent, retired };
}

/**
 * Carries out what an agent asked for, once its own flag confirms it (design: verification flag; spec/tick.md §6.4-6.6).
 * A request that an interrupted pass had claimed is finished, and its agent is never killed a second time.
 */
export const lifecycleRule: Rule = (view, world) => {
  const { request, liveness } = view;
  if (request === null) return null;
  if (world.careful && 'pane' in liveness) {
    return {
      note: {
        agent: view.agent.id,
        rule: 'lifecycle',
        why: 'careful',
        evidence: { request: request.message.id },
      },
    };
  }
  if (request.resumed) return finish(view, request);
  if (wasReplacedSince(view, request))
    return { action: retire(request.message, view.agent.id, replaced, false, true) };
  const flags = world.snapshot.flags[view.agent.id];
  const wait = (why: string, more: object = {}): Verdict => ({
    note: {
      agent: view.agent.id,
      rule: 'lifecycle',
      why,
      evidence: { request: request.message.id, ...more },
    },
  });
  if (flags === undefined || !flags.known)
    return wait('flag-unknown', flags === undefined ? {} : { reason: flags.reason });
  if (flags.value.includes(request.action))
    return carryOut(view, request, request.action, `requested-${request.action}`);
  const left = Date.parse(request.message.at ?? '') + confirmationMs - world.snapshot.now.wall;
  if (left <= 0)
    return { action: retire(request.message, view.agent.id, unconfirmed(request), false, false) };
  const verdict = wait('flag-missing', { liveness: liveness.is });
  return verdict.note === undefined ? verdict : { note: { ...verdict.note, until: later(world.now, left) } };
};

/**
 * Dead or gone: what is missing is done. Alive as before: it was not begun, and is now. Alive as another process: it was
 * done, and only that is said. Where nobody remembers which process it was, nothing is claimed and nobody is ended.
 */
function finish(view: View, request: PendingRequest): Verdict {
  const { liveness } = view;
  if (liveness.is !== 'alive' || liveness.panePid === request.panePid) {
    return carryOut(view, request, request.action, 'interrupted');
  }
  if (request.panePid !== 'unknown') return carryOut(view, request, 'confirm', 'interrupted');
  return { action: retire(request.message, view.agent.id, unsure, true, true) };
}

/** The process that asked for itself is not the one that runs: we have started another one since. */
function wasReplacedSince(
  { agent, liveness, memory: { started, brake } }: View,
  { message }: PendingRequest,
): boolean {
  if (liveness.is !== 'alive' || started === null) return false;
  if (started.ours !== true && brake?.lastStart?.at !== started.at) return false;
  const asked = Date.parse(message.at ?? '');
  return mailboxOf(message.from) === mailboxOfAgent(agent) && asked < Date.parse(started.at);
}

const replaced = refused('replaced', 'Its process was replaced after it had asked.');

const unsure = refused(
  'unsure',
  'The keeper was interrupted and cannot tell whether this was carried out. Please ask again.',
);

function carryOut(view: View, request: PendingRequest, deed: RequestDeed, why: string): Verdict {
  const { agent, session, liveness } = view;
  const place = 'pane' in liveness ? liveness : null;
  return {
    action: {
      kind: 'settle',
      id: `settle:${agent.id}`,
      agent: agent.id,
      session,
      message: request.message.id,
      sender: mailboxOf(request.message.from) ?? agent.id,
      deed,
      resumed: request.resumed,
      pane: place?.pane ?? null,
      panePid: place?.panePid ?? null,
      refusal: null,
      flag: null,
      why,
      evidence: {
        request: request.message.id,
        asked: request.message.at,
        action: request.action,
        raised: request.raised,
      },
    },
  };
}

function retire(
  message: Message,
  agent: AgentId | null,
  { why, sentence }: Refusal,
  resumed: boolean,
  alone: boolean,
): Action {
  const parsed = parseRequest(message);
  const over = alone && outdated.includes(why) && agent !== null && parsed.kind === 'request';
  return {
    kind: 'settle',
    id: `settle:${message.id}`,
    agent: agent ?? mailboxOf(message.from) ?? 'overseer',
    session: '',
    message: message.id,
    sender: mailboxOf(message.from) ?? 'overseer',
    deed: 'retire',
    resumed,
    pane: null,
    panePid: null,
    refusal: { why, sentence, reply: !silent.includes(why) },
    flag: over ? parsed.action : null,
    why,
    evidence: {
      request: message.id,
      asked: message.at,
      readable: parsed.kind === 'request',
      raised: parsed.kind === 'request' ? parsed.raised : null,
    },
  };
}

/** Nobody waits for an answer to these: the asker has asked again, or is another one by now. */
const silent = ['replaced', 'superseded', 'too-old', 'undated', 'from-the-future'];

/** With these the asking itself is over: its flag must not confirm somebody's later request. */
const outdated = ['replaced', 'too-old', 'undated', 'from-the-future', 'unsure'];

function unconfirmed({ action, agent }: DueRequest): Refusal {
  return {
    kind: 'refused',
    why: 'not-confirmed',
    sentence: `The state file of ${agent.id} does not say "requesting_${action}": true. Ask with: gt lifecycle request ${action}`,
  };
}

/** Requests this plan carries out, and earlier ones whose end is not known yet: kept as long as they may be claimed. */
export function claimsAfter(
  actions: readonly Action[],
  { keeper }: Snapshot,
  { claims }: State,
): readonly Claim[] {
  const begun = actions.flatMap((action): readonly Claim[] => {
    if (action.kind !== 'settle' || action.deed === 'retire' || action.deed === 'confirm' || action.resumed)
      return [];
    return [{ message: action.message, agent: action.agent, panePid: action.panePid }];
  });
  const open = claims.filter(
    ({ message }) => !keeper.known || keeper.value.claimed.some(({ id }) => id === message),
  );
  return [...open.filter(({ message }) => !begun.some((claim) => claim.message === message)), ...begun];
}
