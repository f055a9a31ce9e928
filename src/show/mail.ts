import type { Held, Message } from '../model/message.ts';
import { addressOf, mailboxOf } from '../town/mailbox.ts';
import { oneLine, printable } from './printable.ts';

/** A message as `--json` shows it (spec/agents.md §2.6): exact bytes, empty keys left out. */
export function messageJson(message: Message, read: boolean): object {
  return {
    id: message.id,
    from: shown(message.from),
    to: addressOf(message.to),
    subject: message.subject,
    body: message.body,
    timestamp: message.at ?? '0001-01-01T00:00:00Z',
    read,
    priority: message.priority,
    type: message.type,
    ...(message.thread === '' ? {} : { thread_id: message.thread }),
    ...(message.replyTo === null ? {} : { reply_to: message.replyTo }),
    ...(message.cc.length === 0 ? {} : { cc: message.cc.map(addressOf) }),
    ...(message.pinned ? { pinned: true } : {}),
  };
}

/** The inbox for people; `address` as it was asked for. */
export function inboxText(address: string, messages: readonly Message[]): string {
  const heading = `📬 Inbox: ${oneLine(address)} (${messages.length} messages, ${messages.length} unread)\n\n`;
  return (
    heading +
    (messages.length === 0
      ? '  (no messages)\n'
      : messages.map((message) => entryText(message, false)).join(''))
  );
}

/** Three lines for one message: subject, id and sender, date. */
export function entryText(message: Message, read: boolean): string {
  const marks = [
    message.type === 'notification' ? '' : ` [${message.type}]`,
    message.priority === 'urgent' || message.priority === 'high' ? ' !' : '',
    message.pinned ? ' (pinned)' : '',
  ];
  return (
    `  ${read ? '○' : '●'} ${oneLine(message.subject)}${marks.join('')}\n` +
    `    ${message.id} from ${oneLine(shown(message.from))}\n` +
    `    ${dateText(message, 16)}\n`
  );
}

/** A whole message for people. */
export function messageText({ message, state }: Held): string {
  const marks = [
    message.type === 'notification' ? '' : ` [${message.type}]`,
    message.priority === 'urgent' ? ' [URGENT]' : message.priority === 'high' ? ' [HIGH PRIORITY]' : '',
    message.pinned ? ' (pinned)' : '',
  ];
  return [
    `Subject: ${oneLine(message.subject, 2000)}${marks.join('')}`,
    '',
    `From: ${oneLine(shown(message.from))}`,
    `To: ${addressOf(message.to)}`,
    ...(message.cc.length === 0 ? [] : [`CC: ${message.cc.map(addressOf).join(', ')}`]),
    `Date: ${dateText(message, 19)}`,
    `ID: ${message.id}`,
    ...(message.thread === '' ? [] : [`Thread: ${oneLine(message.thread)}`]),
    ...(message.replyTo === null ? [] : [`Reply-To: ${oneLine(message.replyTo)}`]),
    ...stateLines(state),
    '',
    printable(message.body),
    '',
  ].join('\n');
}

/** The sender as an address, as upstream renders it: worker addresses lose their middle part. */
export function shown(from: string): string {
  const mailbox = mailboxOf(from);
  return mailbox === null ? from : addressOf(mailbox);
}

function stateLines(state: Held['state']): readonly string[] {
  switch (state.is) {
    case 'waiting':
      return [];
    case 'claimed':
      return [
        `Status: being carried out by ${oneLine(state.by)}${state.at === null ? '' : ` since ${state.at}`}`,
      ];
    case 'settled': {
      if (state.settlement === null) return ['Status: settled'];
      const { outcome, by, reason, at } = state.settlement;
      const when = at === null ? '' : `, ${at}`;
      return [
        `Status: ${oneLine(outcome)} by ${oneLine(by)}${when}${reason === null ? '' : `: ${oneLine(reason, 500)}`}`,
      ];
    }
  }
}

/** The date in the offset it is stored in, cut to `length` characters. */
function dateText(message: Message, length: 16 | 19): string {
  return message.at === null ? 'no date' : message.at.slice(0, length).replace('T', ' ');
}
