import type { Agent } from '../../model/agent.ts';
import type { Mailbox } from '../../model/message.ts';
import type { Rig } from '../../model/rig.ts';
import { agentsOf } from '../../town/identity.ts';
import { mailboxOfAgent } from '../../town/mailbox.ts';

/** Somebody mail can be sent to. `agents`: who reads that mailbox; empty for people, and where the rigs are unknown. */
export interface Recipient {
  readonly mailbox: Mailbox;
  readonly agents: readonly Agent[];
}

/** A crew worker and a polecat of the same name share a mailbox: both read what is sent to either. */
export function readerOf(agent: Agent, rigs: readonly Rig[]): Recipient {
  return workersOf(mailboxOfAgent(agent), rigs) ?? { mailbox: mailboxOfAgent(agent), agents: [agent] };
}

/** The crew worker, the polecat or both who share this mailbox; null when it is no worker's. */
export function workersOf(mailbox: Mailbox | null, rigs: readonly Rig[]): Recipient | null {
  if (mailbox === null) return null;
  const agents = agentsOf(rigs).filter((agent) => 'name' in agent && mailboxOfAgent(agent) === mailbox);
  return agents.length === 0 ? null : { mailbox, agents };
}
