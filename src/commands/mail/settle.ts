import { exitStatus, Failure } from '../../exit.ts';
import type { Context } from '../context.ts';
import { type Desk, notFound, openDesk, valueIn } from './desk.ts';
import { findMessage } from './find.ts';

export interface SettleOptions {
  readonly town?: string | undefined;
  readonly ids: readonly string[];
}

/** What each word does to a message is the same (spec/agents.md §2.1): it leaves the inbox, and keeps why. */
const verbs = {
  delete: { outcome: 'deleted', done: 'deleted' },
  archive: { outcome: 'archived', done: 'archived' },
  ack: { outcome: 'acknowledged', done: 'acknowledged' },
  'mark-read': { outcome: 'read', done: 'marked as read' },
} as const;

export type SettleVerb = keyof typeof verbs;

/** `gt mail ack|delete|archive|mark-read ID…`: doing it again succeeds; each id is taken by itself. */
export async function settleCommand(
  verb: SettleVerb,
  { town, ids }: SettleOptions,
  context: Context,
): Promise<number> {
  const desk = openDesk(town, context);
  let failed = 0;
  for (const id of ids) {
    try {
      await settleOne(desk, verb, id);
    } catch (error) {
      if (!(error instanceof Failure) || ids.length === 1) throw error;
      context.stderr(`gt: ${error.message}\n`);
      failed += 1;
    }
  }
  const count = ids.length - failed;
  if (count > 0)
    context.stdout(
      count === 1 ? `✓ Message ${verbs[verb].done}\n` : `✓ ${count} messages ${verbs[verb].done}\n`,
    );
  return failed === 0 ? exitStatus.done : exitStatus.failed;
}

async function settleOne(desk: Desk, verb: SettleVerb, id: string): Promise<void> {
  const { message } = await findMessage(desk, id);
  const settlement = { outcome: verbs[verb].outcome, by: desk.sender, reason: null };
  const settled = valueIn(await desk.mail.settle(message.id, settlement));
  switch (settled.kind) {
    case 'done':
    case 'already':
      return;
    case 'claimed':
      throw new Failure(
        'message-claimed',
        exitStatus.failed,
        `${message.id} is being carried out by ${settled.by} and cannot be taken away`,
        `gt mail read ${message.id}`,
      );
    case 'waiting':
    case 'missing':
      throw notFound(id);
  }
}
