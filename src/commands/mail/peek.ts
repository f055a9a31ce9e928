import { exitStatus } from '../../exit.ts';
import { jsonText } from '../../show/json.ts';
import { messageJson, shown } from '../../show/mail.ts';
import { oneLine, printable } from '../../show/printable.ts';
import type { Context } from '../context.ts';
import { mailboxAsked, openDesk, valueIn } from './desk.ts';

export interface PeekOptions {
  readonly town?: string | undefined;
  readonly address?: string | undefined;
  readonly json?: boolean | undefined;
}

/** `gt mail peek`: the newest unread message, shortened; nothing and exit 1 without mail (spec/agents.md §2.6). */
export async function peekCommand(
  { town, address, json = false }: PeekOptions,
  context: Context,
): Promise<number> {
  const desk = openDesk(town, context, { reading: true });
  const { items } = valueIn(await desk.mail.inbox((await mailboxAsked(desk, address)).mailbox));
  const [first, ...more] = items;
  if (json) {
    const message = first === undefined ? null : messageJson(first, false);
    context.stdout(jsonText({ schema: 'gt.mail.peek/1', message, more: more.length }));
    return first === undefined ? exitStatus.failed : exitStatus.done;
  }
  if (first === undefined) return exitStatus.failed;
  const mark = first.priority === 'urgent' ? ' [URGENT]' : first.priority === 'high' ? ' [!]' : '';
  const lines = [
    `📬 ${oneLine(first.subject)}${mark}`,
    `From: ${oneLine(shown(first.from))}`,
    `ID: ${first.id}`,
    '',
    printable(shorten(first.body)),
    ...(more.length === 0 ? [] : ['', `(+${more.length} more unread)`]),
    '',
  ];
  context.stdout(lines.join('\n'));
  return exitStatus.done;
}

/** At most 500 bytes, cut between characters. */
function shorten(body: string): string {
  const bytes = Buffer.from(body);
  if (bytes.length <= 500) return body;
  return `${bytes
    .subarray(0, 500)
    .toString('utf8')
    .replace(/\ufffd+$/, '')}...`;
}
