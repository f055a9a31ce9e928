import { jsonText } from '../../show/json.ts';
import { messageJson, messageText } from '../../show/mail.ts';
import type { Context } from '../context.ts';
import { openDesk } from './desk.ts';
import { findMessage } from './find.ts';

export interface ReadOptions {
  readonly town?: string | undefined;
  readonly id: string;
  readonly json?: boolean | undefined;
}

/** `gt mail read ID`: any message of the town, waiting or settled; marks nothing (spec/agents.md §2.6). */
export async function readCommand(
  { town, id, json = false }: ReadOptions,
  context: Context,
): Promise<number> {
  const held = await findMessage(openDesk(town, context), id);
  context.stdout(json ? jsonText(messageJson(held.message, held.state.is === 'settled')) : messageText(held));
  return 0;
}
