import { jsonText } from '../../show/json.ts';
import { inboxText, messageJson } from '../../show/mail.ts';
import type { Context } from '../context.ts';
import { mailboxAsked, openDesk, valueIn, warn } from './desk.ts';

export interface InboxOptions {
  readonly town?: string | undefined;
  /** The positional address, `--identity` or `--address`. */
  readonly address?: string | undefined;
  readonly json?: boolean | undefined;
}

/** `gt mail inbox [ADDRESS]`: what waits there, newest first, all of it (spec/agents.md §2.6). */
export async function inboxCommand(
  { town, address, json = false }: InboxOptions,
  context: Context,
): Promise<number> {
  const desk = openDesk(town, context, { reading: true });
  const asked = await mailboxAsked(desk, address);
  const { items, warnings } = valueIn(await desk.mail.inbox(asked.mailbox));
  warn(warnings, context);
  context.stdout(
    json ? jsonText(items.map((message) => messageJson(message, false))) : inboxText(asked.address, items),
  );
  return 0;
}
