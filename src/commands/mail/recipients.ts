import { exitStatus, Failure } from '../../exit.ts';
import type { Fact } from '../../model/fact.ts';
import type { Mailbox } from '../../model/message.ts';
import type { Rig } from '../../model/rig.ts';
import { agentsOf } from '../../town/identity.ts';
import { mailboxOf, mailboxOfAgent } from '../../town/mailbox.ts';
import { resolveIdentity } from '../../town/resolve.ts';
import { groupOf } from './groups.ts';
import { type Recipient, readerOf, workersOf } from './recipient.ts';

/**
 * Whom an address means: an agent in any spelling, `overseer`, or a group derived from the town's rigs (spec/agents.md
 * §2.4). A worker also under the other kind's address: crew and polecats share mailboxes. Nobody → a {@link Failure} (exit 1) with the nearest match: misspelt mail would never be read. While the
 * registry of rigs cannot be read, a well-formed worker's address is believed: mail must not be lost over that.
 */
export function recipientsOf(address: string, rigs: Fact<readonly Rig[]>): readonly Recipient[] {
  const text = address.trim();
  if (text === 'overseer' || text === 'overseer/' || text === '@overseer')
    return [{ mailbox: 'overseer', agents: [] }];
  if (text.startsWith('@')) return groupOf(text, rigs);
  const known = rigs.known ? rigs.value : [];
  const resolved = resolveIdentity(text, known);
  if (resolved.kind === 'agent') return [readerOf(resolved.agent, known)];
  if (resolved.kind === 'ambiguous') return [readerOfAny(address, resolved.candidates, known)];
  const mailbox = mailboxOf(text);
  const worker = workersOf(mailbox, known);
  if (worker !== null) return [worker];
  if (!rigs.known && mailbox !== null && /^[A-Za-z0-9_-]+\/[A-Za-z0-9_-]+$/.test(mailbox))
    return [{ mailbox, agents: [] }];
  throw unknownRecipient(text, resolved.nearest, rigs);
}

/** The mailbox an address means for somebody who wants to read it; anything a mailbox could be called is one. */
export function mailboxToRead(
  address: string,
  rigs: Fact<readonly Rig[]>,
): { readonly mailbox: Mailbox; readonly exists: boolean } | null {
  const text = address.trim();
  if (text === 'overseer' || text === 'overseer/') return { mailbox: 'overseer', exists: true };
  const known = rigs.known ? rigs.value : [];
  const resolved = resolveIdentity(text, known);
  if (resolved.kind === 'agent') return { mailbox: mailboxOfAgent(resolved.agent), exists: true };
  const mailbox = mailboxOf(text);
  return mailbox === null
    ? null
    : { mailbox, exists: resolved.kind === 'ambiguous' || workersOf(mailbox, known) !== null };
}

function readerOfAny(address: string, candidates: readonly string[], rigs: readonly Rig[]): Recipient {
  const agents = agentsOf(rigs).filter((agent) => candidates.includes(agent.id));
  const [first, ...others] = agents;
  if (first !== undefined && others.every((agent) => mailboxOfAgent(agent) === mailboxOfAgent(first))) {
    return { mailbox: mailboxOfAgent(first), agents };
  }
  throw new Failure(
    'ambiguous-recipient',
    exitStatus.failed,
    `${address} could be ${candidates.join(' or ')}.`,
    'gt mail send R/crew/N',
  );
}

function unknownRecipient(text: string, meant: string | null, rigs: Fact<readonly Rig[]>): Failure {
  const rig = rigs.known && text.endsWith('/') && rigs.value.some((one) => one.name === text.slice(0, -1));
  const advice = rig
    ? `; @rig/${text.slice(0, -1)} reaches everybody there`
    : meant === null
      ? ''
      : `; did you mean ${meant}?`;
  return new Failure(
    'unknown-recipient',
    exitStatus.failed,
    `Nobody here is called ${JSON.stringify(text)}${advice}`,
    'gt rig list',
  );
}
