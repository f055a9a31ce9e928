import type { Agent } from '../model/agent.ts';
import type { Hold } from '../model/rig.ts';
import { mailboxOfAgent } from '../town/mailbox.ts';

/** Who gives an order about holds: a person, an agent, or somebody whose role names no agent of this town. */
export type Orderer =
  | { readonly is: 'person' }
  | { readonly is: 'agent'; readonly agent: Agent }
  | { readonly is: 'stranger' };

/**
 * Whether somebody may place this hold: a person any, the mayor too (it speaks for the person); another agent only one on
 * itself, and a witness may park its own rig.
 */
export function mayHold(orderer: Orderer, { target, kind }: Pick<Hold, 'target' | 'kind'>): boolean {
  if (orderer.is !== 'agent') return orderer.is === 'person';
  const { agent } = orderer;
  if (agent.role === 'mayor' || target === agent.id) return true;
  return agent.role === 'witness' && kind === 'parked' && target === agent.rig;
}

/**
 * Whether naming an agent in a start ends this shutdown of it. What a person stopped only a person brings back (design §1:
 * stop means stop); what an agent stopped, another may start.
 */
export function mayStartAgain(orderer: Orderer, { by }: Pick<Hold, 'by'>): boolean {
  return orderer.is === 'person' || isAgentsName(by);
}

/** Whether whoever placed a hold is an agent, by its id or the name mail has for it. */
export function isAgentsName(by: string): boolean {
  return by.includes('/') || by === 'deacon' || by === 'mayor';
}

/**
 * Whether somebody may end this hold: a person any, an agent only what it placed itself. Whoever could lift another's hold
 * would be held by nothing (design §1: stop means stop).
 */
export function mayLift(orderer: Orderer, { by }: Pick<Hold, 'by'>): boolean {
  if (orderer.is !== 'agent') return orderer.is === 'person';
  const { agent } = orderer;
  return by === agent.id || by === mailboxOfAgent(agent) || by === `${agent.id}/`;
}
