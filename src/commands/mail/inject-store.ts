import { rememberedMail } from '../../store/beads/remembered.ts';
import { storeAsked, storeKind } from '../../store/kind.ts';
import { findTown } from '../../town/find.ts';
import type { Context } from '../context.ts';
import { mailboxAsked, openDesk } from './desk.ts';
import { agedReminder, messageLine, reminderText } from './inject.ts';

/** A prompt waits no longer than this for a store that another program keeps. */
const patienceMs = 3_000;

/**
 * What `gt mail check --inject` prints in a town that may keep its mail in beads: one listing by `bd`, with a short
 * deadline. When that does not answer, or is known not to, what the last pass saw stands in for it, with its age. Empty
 * without mail, and on any other trouble.
 */
export async function injectFromStore(
  { town, address }: { readonly town?: string | undefined; readonly address?: string | undefined },
  context: Context,
): Promise<string> {
  try {
    const root = findTown({ town, env: context.env, cwd: context.cwd, reading: true });
    const desk = openDesk(town, context, { reading: true, patienceMs });
    const { mailbox } = await mailboxAsked(desk, address);
    const now = context.now();
    const { resting, last } =
      storeKind(root, storeAsked(root)) === 'beads'
        ? rememberedMail(root, mailbox, now.getTime())
        : { resting: false, last: null };
    const inbox = resting ? null : await desk.mail.inbox(mailbox);
    if (inbox?.known === true) {
      const { items } = inbox.value;
      const lines = items.map((message) => messageLine(message.id, message));
      return items.length === 0 ? '' : reminderText(lines, items.length);
    }
    if (last === null || last.waiting === 0) return '';
    const { momentText } = await import('../../show/time.ts');
    return agedReminder(last.waiting, momentText(new Date(last.at), now));
  } catch {
    return '';
  }
}
