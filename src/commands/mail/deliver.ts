import type { Draft, Mailbox } from '../../model/message.ts';
import type { Delivered } from '../../store/port.ts';
import { addressOf } from '../../town/mailbox.ts';
import type { Context } from '../context.ts';
import { type Desk, valueIn } from './desk.ts';
import { type Notify, notifyReaders } from './notify.ts';
import type { Recipient } from './recipient.ts';
import { boxOfSender } from './sender.ts';

/** One message for each recipient; the copies go with the first. */
export async function sendAll(
  desk: Desk,
  recipients: readonly Recipient[],
  draft: Omit<Draft, 'to'>,
): Promise<readonly Delivered[]> {
  const delivered: Delivered[] = [];
  const reached = new Set<Mailbox>();
  for (const { mailbox } of recipients) {
    if (reached.has(mailbox)) continue;
    const cc = draft.cc.filter(
      (copy) => delivered.length === 0 && recipients.every((one) => one.mailbox !== copy),
    );
    const sent = await desk.mail.send({ ...draft, cc, to: mailbox });
    if (!sent.known && reached.size > 0) {
      valueIn({
        ...sent,
        reason: `${sent.reason}; it was delivered to ${[...reached].map(addressOf).join(', ')} before`,
      });
    }
    for (const one of valueIn(sent)) {
      delivered.push(one);
      reached.add(one.mailbox);
    }
  }
  return delivered;
}

/** Tells whoever reads a mailbox that was delivered to. Nobody is told of mail to oneself. */
export async function tellReaders(
  desk: Desk,
  recipients: readonly Recipient[],
  delivered: readonly Delivered[],
  context: Context,
  notify: Notify,
): Promise<void> {
  const own = boxOfSender(desk.sender);
  for (const { mailbox, id } of delivered) {
    const recipient = recipients.find((one) => one.mailbox === mailbox);
    if (mailbox === own || recipient === undefined) continue;
    for (const problem of await notifyReaders(desk.mail, recipient, id, notify))
      context.stderr(`⚠ Warning: ${problem}\n`);
  }
}
