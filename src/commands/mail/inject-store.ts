import type { Context } from '../context.ts';
import { mailboxAsked, openDesk } from './desk.ts';
import { messageLine, reminderText } from './inject.ts';

/** A prompt waits no longer than this for a store that another program keeps. */
const patienceMs = 3_000;

/**
 * What `gt mail check --inject` prints in a town whose mail is in beads: empty without mail, on any trouble, and when `bd`
 * takes too long.
 */
export async function injectFromStore(
  { town, address }: { readonly town?: string | undefined; readonly address?: string | undefined },
  context: Context,
): Promise<string> {
  try {
    const desk = openDesk(town, context, { reading: true, patienceMs });
    const { mailbox } = await mailboxAsked(desk, address);
    const inbox = await desk.mail.inbox(mailbox);
    if (!inbox.known || inbox.value.items.length === 0) return '';
    const { items } = inbox.value;
    return reminderText(
      items.map((message) => messageLine(message.id, message)),
      items.length,
    );
  } catch {
    return '';
  }
}
