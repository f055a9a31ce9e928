import { exitStatus, Failure } from '../../exit.ts';
import { complaintText } from '../../show/complaint.ts';
import { jsonText } from '../../show/json.ts';
import type { Context } from '../context.ts';
import { hintThere } from '../hint-town.ts';
import { type Desk, notFound, openDesk, valueIn } from './desk.ts';
import { findMessage } from './find.ts';

export interface SettleOptions {
  readonly town?: string | undefined;
  readonly ids: readonly string[];
  readonly json?: boolean | undefined;
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
  { town, ids, json = false }: SettleOptions,
  context: Context,
): Promise<number> {
  const desk = openDesk(town, context);
  const { outcome, done } = verbs[verb];
  const results: { readonly id: string; readonly outcome: string | null; readonly error: string | null }[] =
    [];
  for (const id of ids) {
    try {
      await settleOne(desk, verb, id);
      results.push({ id, outcome, error: null });
    } catch (error) {
      if (!(error instanceof Failure) || ids.length === 1) throw error;
      const hint = hintThere(error.hint, town === undefined ? [] : ['--town', town], context);
      context.stderr(complaintText({ code: error.code, message: error.message, hint }));
      results.push({ id, outcome: null, error: error.message });
    }
  }
  const count = results.filter(({ error }) => error === null).length;
  if (json) context.stdout(jsonText({ schema: `gt.mail.${verb}/1`, messages: results }));
  else if (count > 0) context.stdout(count === 1 ? `✓ Message ${done}\n` : `✓ ${count} messages ${done}\n`);
  return count === ids.length ? exitStatus.done : exitStatus.failed;
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
