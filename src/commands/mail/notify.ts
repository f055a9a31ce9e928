import type { Agent } from '../../model/agent.ts';
import type { Mail } from '../../store/port.ts';
import type { Recipient } from './recipient.ts';

/**
 * Tells a running agent, by one line in its pane, that mail has come; an agent without a session is not told. The text is
 * always {@link nudgeText}. Resolves to a sentence when it could not be delivered, null when there is nothing to say.
 */
export type Notify = (agent: Agent, text: string) => Promise<string | null>;

/** Tells nobody. */
export const nobody: Notify = async () => null;

/** The one line: our own words, a count and an id of ours. Nothing of the sender's ever gets into a pane. */
export function nudgeText(unread: number, id: string): string {
  const messages = unread === 1 ? '1 unread message' : `${unread} unread messages`;
  return `You have ${messages}, the newest is ${id}. Run: gt mail inbox`;
}

/** Tells the readers of a mailbox. A notification that fails is worth a line, not a failure: the mail is there. */
export async function notifyReaders(
  mail: Mail,
  { mailbox, agents }: Recipient,
  id: string,
  notify: Notify,
): Promise<readonly string[]> {
  const count = await mail.count(mailbox);
  const text = nudgeText(count.known ? Math.max(1, count.value) : 1, id);
  const problems: string[] = [];
  for (const agent of agents) {
    const problem = await notify(agent, text);
    if (problem !== null) problems.push(problem);
  }
  return problems;
}
