import { exitStatus, Failure } from '../../exit.ts';
import { draftWith } from '../../model/message.ts';
import { jsonText } from '../../show/json.ts';
import { shown } from '../../show/mail.ts';
import { oneLine } from '../../show/printable.ts';
import { addressOf } from '../../town/mailbox.ts';
import type { Context } from '../context.ts';
import { tellReaders } from './deliver.ts';
import { openDesk, valueIn } from './desk.ts';
import { findMessage } from './find.ts';
import { type Notify, nobody } from './notify.ts';
import { recipientsOf } from './recipients.ts';
import { bodyOf } from './send-options.ts';

export interface ReplyOptions {
  readonly town?: string | undefined;
  readonly id: string;
  readonly message?: string | undefined;
  readonly stdin?: boolean | undefined;
  /** Instead of `Re: ` and the subject answered. */
  readonly subject?: string | undefined;
  readonly json?: boolean | undefined;
}

/** `gt mail reply ID -m TEXT`: to the sender, in the same thread (spec/agents.md §2.6). */
export async function replyCommand(
  options: ReplyOptions,
  context: Context,
  notify: Notify = nobody,
): Promise<number> {
  if (options.message === undefined && !options.stdin) {
    throw new Failure(
      'usage',
      exitStatus.usage,
      'required flag(s) "message" not set',
      'gt mail reply --help',
    );
  }
  const body = bodyOf(options, context);
  const desk = openDesk(options.town, context);
  const { message: answered } = await findMessage(desk, options.id);
  const recipient = recipientsOf(answered.from, desk.rigs).at(0);
  if (recipient === undefined)
    throw new Failure('no-recipients', exitStatus.failed, `Nobody to reply to.`, 'gt mail inbox');
  const subject =
    options.subject ?? (/^re: /i.test(answered.subject) ? answered.subject : `Re: ${answered.subject}`);
  const delivered = valueIn(
    await desk.mail.send(
      draftWith({
        from: desk.sender,
        to: recipient.mailbox,
        subject,
        body,
        type: 'reply',
        thread: answered.thread === '' ? null : answered.thread,
        replyTo: answered.id,
      }),
    ),
  );
  await tellReaders(desk, [recipient], delivered, context, notify);
  if (options.json) {
    context.stdout(
      jsonText({
        schema: 'gt.mail.reply/1',
        sent: delivered.map(({ mailbox, id }) => ({ to: addressOf(mailbox), id })),
      }),
    );
    return exitStatus.done;
  }
  const thread = answered.thread === '' ? [] : [`  Thread: ${oneLine(answered.thread)}`];
  context.stdout(
    [
      `✓ Reply sent to ${oneLine(shown(answered.from))}`,
      `  Subject: ${oneLine(subject)}`,
      ...thread,
      '',
    ].join('\n'),
  );
  return exitStatus.done;
}
