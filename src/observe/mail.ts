import type { Agent } from '../model/agent.ts';
import { type Fact, known, unknown } from '../model/fact.ts';
import { protocolOf } from '../model/message.ts';
import type { KeeperMail, Snapshot } from '../model/snapshot.ts';
import type { Answer, Overview } from '../store/port.ts';
import { mailboxOfAgent } from '../town/mailbox.ts';

/** The keeper's own mail; unknown while the store does not answer, which is never "no mail". */
export function keeperMail(stored: Answer<Overview>): Fact<KeeperMail> {
  if (!stored.known) return unknown(stored.reason);
  const { protocol, claimed } = stored.value;
  return known({
    waiting: protocol,
    claimed: claimed
      .filter(({ mailbox, message }) => mailbox === 'deacon' && protocolOf(message.subject) !== 'mail')
      .map(({ message }) => message),
  });
}

/**
 * How much unread mail each agent has; agents without any have no entry. While the store is silent, what it said last
 * stands in: a store out of order is no empty mailbox.
 */
export function waitingFor(agents: readonly Agent[], stored: Answer<Overview>): Snapshot['waiting'] {
  const overview = stored.known ? stored.value : stored.last?.value;
  if (overview === undefined) return {};
  const { waiting } = overview;
  return Object.fromEntries(
    agents.flatMap((agent) => {
      const mail = waiting[mailboxOfAgent(agent)] ?? 0;
      return mail === 0 ? [] : [[agent.id, { mail }]];
    }),
  );
}
