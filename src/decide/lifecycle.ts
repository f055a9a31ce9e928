import type { AgentId } from '../model/agent.ts';
import type { Message } from '../model/message.ts';
import type { Action, RequestDeed } from '../model/plan.ts';
import type { Refusal } from '../model/request.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { State } from '../model/state.ts';
import { mailboxOf } from '../town/mailbox.ts';
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
  /** The agent's process when that pass decided to act on it; null when it is not known. */
  readonly panePid: number | null;
}

export interface Requests {
  readonly byAgent: ReadonlyMap<AgentId, PendingRequest>;
  /** One action for each message that is not carried out. */
  readonly retired: readonly Action[];
}

/** Sorts the keeper's lifecycle mail: one request per agent, everything else to be retired with its reason. */
export function requestsIn({ keeper, rigs, now }: Snapshot, { intent }: State): Requests {
  if (!keeper.known || !rigs.known) return { byAgent: new Map(), retired: [] };
  const resumed = sortRequests(keeper.value.claimed, rigs.value, null);
  const fresh = sortRequests(keeper.value.waiting, rigs.value, now.wall);
  const byAgent = new Map<AgentId, PendingRequest>();
  for (const request of fresh.due)
    byAgent.set(request.agent.id, { ...request, resumed: false, panePid: null });
  for (const request of resumed.due) {
    const intended = intent?.actions.find(
      (action) => action.kind === 'settle' && action.message === request.message.id,
    );
    const panePid = intended?.kind === 'settle' ? intended.panePid : null;
    byAgent.set(request.agent.id, { ...request, resumed: true, panePid });
  }
  const retired = [
    ...fresh.retired.map(({ message, agent, refusal }) => retire(message, agent, refusal, false)),
    ...resumed.retired.map(({ message, agent, refusal }) => retire(message, agent, refusal, true)),
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
  if (request.resumed) return finish(view, request);
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
  if (left <= 0) return { action: retire(request.message, view.agent.id, unconfirmed(request), false) };
  const verdict = wait('flag-missing', { liveness: liveness.is });
  return verdict.note === undefined ? verdict : { note: { ...verdict.note, until: later(world.now, left) } };
};

/** Dead or gone: what is missing is done. Alive as another process: it was done. Alive as before: it was not begun. */
function finish(view: View, request: PendingRequest): Verdict {
  const { liveness } = view;
  const untouched =
    liveness.is === 'alive' && request.panePid !== null && liveness.panePid === request.panePid;
  if (liveness.is === 'alive' && !untouched) return carryOut(view, request, 'confirm', 'interrupted');
  return carryOut(view, request, request.action, 'interrupted');
}

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
      why,
      evidence: { request: request.message.id, asked: request.message.at, action: request.action },
    },
  };
}

function retire(
  message: Message,
  agent: AgentId | null,
  { why, sentence }: Refusal,
  resumed: boolean,
): Action {
  const parsed = parseRequest(message);
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
    why,
    evidence: { request: message.id, asked: message.at, readable: parsed.kind === 'request' },
  };
}

/** Nobody waits for an answer to these: the asker has asked again, or is another one by now. */
const silent = ['superseded', 'too-old', 'undated', 'from-the-future'];

function unconfirmed({ action, agent }: DueRequest): Refusal {
  return {
    kind: 'refused',
    why: 'not-confirmed',
    sentence: `The state file of ${agent.id} does not say "requesting_${action}": true. Ask with: gt lifecycle request ${action}`,
  };
}
