import { exitStatus, Failure } from '../../exit.ts';
import { jsonText } from '../../show/json.ts';
import { entryText, messageJson } from '../../show/mail.ts';
import { oneLine } from '../../show/printable.ts';
import type { Context } from '../context.ts';
import { openDesk, valueIn, warn } from './desk.ts';

export interface ThreadOptions {
  readonly town?: string | undefined;
  /** A thread's id, or that of any message in it. */
  readonly id: string;
  readonly json?: boolean | undefined;
}

/** `gt mail thread ID`: every message of a conversation, oldest first, settled ones too. */
export async function threadCommand(
  { town, id, json = false }: ThreadOptions,
  context: Context,
): Promise<number> {
  const { mail } = openDesk(town, context, { reading: true });
  const found = valueIn(await mail.find(id.trim()));
  const thread = found.kind === 'found' ? found.held.message.thread : id.trim();
  const { items, warnings } = valueIn(await mail.thread(thread));
  warn(warnings, context);
  if (items.length === 0) {
    throw new Failure(
      'thread-not-found',
      exitStatus.failed,
      `no messages in thread: ${oneLine(id)}`,
      'gt mail inbox',
    );
  }
  const read = (state: (typeof items)[number]['state']): boolean => state.is === 'settled';
  if (json) context.stdout(jsonText(items.map(({ message, state }) => messageJson(message, read(state)))));
  else {
    const heading = `🧵 Thread: ${oneLine(thread)} (${items.length} messages)\n\n`;
    context.stdout(heading + items.map(({ message, state }) => entryText(message, read(state))).join(''));
  }
  return exitStatus.done;
}
