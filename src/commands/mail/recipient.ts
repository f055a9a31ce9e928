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
  const mailbox = mailboxOfAgent(agent);
  if (agent.role !== 'crew' && agent.role !== 'polecat') return { mailbox, agents: [agent] };
  return { mailbox, agents: agentsOf(rigs).filter((other) => mailboxOfAgent(other) === mailbox) };
}
