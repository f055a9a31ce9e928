import type { Agent } from '../model/agent.ts';
import type { Mailbox } from '../model/message.ts';

/**
 * The mailbox an address means, by its text alone (spec/agents.md §2.4). `proj/crew/max`, `proj/polecats/max` and
 * `proj/max` are one mailbox, as upstream has it. Null: no address at all (empty, or `proj/` without a name).
 */
export function mailboxOf(address: string): Mailbox | null {
  const text = address.trim();
  const parts = (text.endsWith('/') ? text.slice(0, -1) : text).split('/');
  if (parts.some((part) => part === '')) return null;
  if (text.endsWith('/') && parts.length === 1 && !isTownBox(parts[0])) return null;
  const [first, second, third] = parts;
  if (first === undefined) return null;
  if (parts.length === 1) return first;
  if (parts.length === 2) return second === 'crew' || second === 'polecats' ? null : `${first}/${second}`;
  return parts.length === 3 && (second === 'crew' || second === 'polecats') ? `${first}/${third}` : null;
}

/** The mailbox of an agent. */
export function mailboxOfAgent(agent: Agent): Mailbox {
  return agent.role === 'crew' || agent.role === 'polecat' ? `${agent.rig}/${agent.name}` : agent.id;
}

/** How a mailbox is written for people and in JSON: `mayor/`, `deacon/`, `overseer`, `proj/witness`, `proj/max`. */
export function addressOf(mailbox: Mailbox): string {
  return mailbox === 'mayor' || mailbox === 'deacon' ? `${mailbox}/` : mailbox;
}

function isTownBox(part: string | undefined): boolean {
  return part === 'mayor' || part === 'deacon' || part === 'overseer';
}
