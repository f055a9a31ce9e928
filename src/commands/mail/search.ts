import { exitStatus, Failure } from '../../exit.ts';
import type { Held, Message } from '../../model/message.ts';
import { jsonText } from '../../show/json.ts';
import { entryText, messageJson } from '../../show/mail.ts';
import { oneLine } from '../../show/printable.ts';
import type { Context } from '../context.ts';
import { mailboxAsked, openDesk, valueIn, warn } from './desk.ts';

export interface SearchOptions {
  readonly town?: string | undefined;
  readonly pattern: string;
  readonly address?: string | undefined;
  /** Part of the sender's address. */
  readonly from?: string | undefined;
  /** Look in the subject only. */
  readonly subject?: boolean | undefined;
  /** Look in the body only. */
  readonly body?: boolean | undefined;
  /** Look through settled messages too. */
  readonly archive?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/** `gt mail search REGEX`: over subject and body of the caller's mail, without regard to letter case. */
export async function searchCommand(options: SearchOptions, context: Context): Promise<number> {
  const matches = matcherOf(options);
  const desk = openDesk(options.town, context, { reading: true });
  const { mailbox } = await mailboxAsked(desk, options.address);
  const inbox = valueIn(await desk.mail.inbox(mailbox));
  const waiting = inbox.items.map((message): Held => ({ mailbox, message, state: { is: 'waiting' } }));
  const history = options.archive
    ? valueIn(await desk.mail.history(mailbox, Number.POSITIVE_INFINITY))
    : { items: [], warnings: [] };
  warn([...inbox.warnings, ...history.warnings], context);
  const found = [...waiting, ...history.items].filter(({ message }) => matches(message));
  const read = ({ state }: Held): boolean => state.is === 'settled';
  if (options.json) context.stdout(jsonText(found.map((held) => messageJson(held.message, read(held)))));
  else {
    const heading = `🔍 Search: ${oneLine(options.pattern)} (${found.length} messages)\n\n`;
    const list = found.map((held) => entryText(held.message, read(held))).join('');
    context.stdout(heading + (found.length === 0 ? '  (no messages)\n' : list));
  }
  return exitStatus.done;
}

function matcherOf({
  pattern,
  from,
  subject = false,
  body = false,
}: SearchOptions): (message: Message) => boolean {
  const expression = compile(pattern);
  const both = subject === body;
  return (message) =>
    (from === undefined || message.from.toLowerCase().includes(from.toLowerCase())) &&
    (((both || subject) && expression.test(message.subject)) ||
      ((both || body) && expression.test(message.body)));
}

function compile(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'i');
  } catch {
    throw new Failure(
      'pattern-invalid',
      exitStatus.usage,
      `${JSON.stringify(pattern)} is not a regular expression.`,
      'gt mail search --help',
    );
  }
}
