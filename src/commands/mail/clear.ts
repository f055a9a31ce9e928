import { exitStatus } from '../../exit.ts';
import { counted } from '../../model/counted.ts';
import { protocolOf } from '../../model/message.ts';
import { jsonText } from '../../show/json.ts';
import { oneLine } from '../../show/printable.ts';
import type { Context } from '../context.ts';
import { mailboxAsked, openDesk, valueIn, warn } from './desk.ts';

export interface ClearOptions {
  readonly town?: string | undefined;
  readonly address?: string | undefined;
  readonly all?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/** `gt mail clear [ADDRESS]`: empties an inbox. Pinned messages and waiting requests stay unless `--all` is given. */
export async function clearCommand(
  { town, address, all = false, json = false }: ClearOptions,
  context: Context,
): Promise<number> {
  const desk = openDesk(town, context);
  const asked = await mailboxAsked(desk, address);
  const { items, warnings } = valueIn(await desk.mail.inbox(asked.mailbox));
  warn(warnings, context);
  const given = items.filter(
    (message) => all || !(message.pinned || protocolOf(message.subject) === 'lifecycle'),
  );
  let cleared = 0;
  for (const { id } of given) {
    const settled = valueIn(
      await desk.mail.settle(id, { outcome: 'cleared', by: desk.sender, reason: null }),
    );
    if (settled.kind === 'done') cleared += 1;
  }
  const kept = items.length - given.length;
  if (json) {
    context.stdout(jsonText({ schema: 'gt.mail.clear/1', address: asked.address, cleared, kept }));
    return exitStatus.done;
  }
  const name = oneLine(asked.address);
  if (items.length === 0) context.stdout(`○ Inbox ${name} is already empty\n`);
  else context.stdout(`✓ Cleared ${cleared} messages from ${name}\n`);
  if (kept > 0)
    context.stdout(
      `  Kept ${counted(kept, 'pinned message or waiting request', 'pinned messages and waiting requests')}; --all clears ${kept === 1 ? 'it' : 'them'} too\n`,
    );
  return exitStatus.done;
}
