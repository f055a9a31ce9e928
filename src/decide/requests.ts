import type { Agent, AgentId } from '../model/agent.ts';
import type { Message } from '../model/message.ts';
import { type Refusal, type RequestAction, refused } from '../model/request.ts';
import type { Rig } from '../model/rig.ts';
import { mailboxOf, mailboxOfAgent } from '../town/mailbox.ts';
import { agentsSpelled } from '../town/spelling.ts';
import { parseRequest } from './lifecycle-request.ts';
import { refusedForAge } from './request-age.ts';

/** A request that may be carried out if the agent's own flag confirms it. */
export interface DueRequest {
  readonly message: Message;
  readonly agent: Agent;
  readonly action: RequestAction;
  /** When its flag was raised, as it says itself. */
  readonly raised: string | null;
}

/** A request that is not carried out, and why. `agent`: whom it was about, where that is known. */
export interface RetiredRequest {
  readonly message: Message;
  readonly agent: AgentId | null;
  readonly refusal: Refusal;
}

/**
 * What is to become of each waiting lifecycle mail: of several by one agent the newest counts and the others are retired
 * as `superseded`; what is too old, undated, from the future, unreadable or not the sender's to ask is retired with its
 * reason. Mail that is no request is left out.
 *
 * @param now milliseconds since 1970; null where age no longer matters, because the request was claimed in time
 */
export function sortRequests(
  messages: readonly Message[],
  rigs: readonly Rig[],
  now: number | null,
): { readonly due: readonly DueRequest[]; readonly retired: readonly RetiredRequest[] } {
  const due = new Map<AgentId, DueRequest>();
  const retired: RetiredRequest[] = [];
  for (const message of messages) {
    const verdict = judgeRequest(message, rigs, now);
    if (verdict === null) continue;
    if ('refusal' in verdict) {
      retired.push(verdict);
      continue;
    }
    const rival = due.get(verdict.agent.id);
    const [winner, loser] =
      rival !== undefined && isNewer(rival, verdict) ? [rival, verdict] : [verdict, rival];
    due.set(verdict.agent.id, winner);
    if (loser !== undefined)
      retired.push({ message: loser.message, agent: loser.agent.id, refusal: superseded });
  }
  return { due: [...due.values()], retired };
}

const superseded = refused('superseded', 'A newer request for the same agent takes its place.');

function judgeRequest(
  message: Message,
  rigs: readonly Rig[],
  now: number | null,
): DueRequest | RetiredRequest | null {
  const parsed = parseRequest(message);
  if (parsed.kind === 'not-a-request') return null;
  if (parsed.kind === 'refused') return { message, agent: null, refusal: parsed };
  const { action, sender, raised } = parsed;
  const meant = [parsed.agent, ...parsed.alsoNamed].map((name) => agentsSpelled(name, rigs));
  const [agent, ...others] = common(meant);
  if (agent === undefined) {
    const refusal = meant.some((agents) => agents.length === 0) ? unknownAgent : twoAgents;
    return { message, agent: null, refusal };
  }
  if (others.length > 0) return { message, agent: null, refusal: ambiguous };
  const about = (refusal: Refusal): RetiredRequest => ({ message, agent: agent.id, refusal });
  if (!mayAsk(sender, agent, rigs)) return about(notAllowed);
  const aged = now === null ? null : refusedForAge(message, now);
  return aged === null ? { message, agent, action, raised } : about(aged);
}

const unknownAgent = refused('unknown-agent', 'The request names no agent of this town.');
const ambiguous = refused(
  'ambiguous-agent',
  'The name could mean a crew worker or a polecat; write R/crew/N or R/polecats/N.',
);
const twoAgents = refused('contradiction', 'Subject and body name different agents.');
const notAllowed = refused(
  'not-allowed',
  'An agent may ask for itself; others only the overseer, the mayor, the deacon, and a witness for its polecats.',
);

/**
 * Who may ask for an agent. The sender of a mail is easily forged, so this only keeps honest mistakes out; what protects
 * the agent is the flag in its own `state.json`.
 */
export function mayAsk(sender: string, agent: Agent, rigs: readonly Rig[]): boolean {
  const [spelled] = agentsSpelled(sender, rigs);
  const box = spelled === undefined ? mailboxOf(sender) : mailboxOfAgent(spelled);
  if (box === mailboxOfAgent(agent) || box === 'overseer' || box === 'mayor' || box === 'deacon') return true;
  return agent.role === 'polecat' && box === `${agent.rig}/witness`;
}

/** The agents that every one of several spellings can mean. */
function common(meant: readonly (readonly Agent[])[]): readonly Agent[] {
  const [first = [], ...rest] = meant;
  return first.filter(({ id }) => rest.every((agents) => agents.some((agent) => agent.id === id)));
}

/** Stores that date mail by the second leave it to the requests themselves which of two came later. */
function isNewer(one: DueRequest, other: DueRequest): boolean {
  const sent = ({ message: { at } }: DueRequest) => Date.parse(at ?? '');
  const raised = ({ raised: at }: DueRequest) => Date.parse(at ?? '') || 0;
  const difference = sent(one) - sent(other) || raised(one) - raised(other);
  return difference === 0 ? one.message.id > other.message.id : difference > 0;
}
