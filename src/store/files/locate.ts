import { statSync } from 'node:fs';
import type { Held, Mailbox, MessageState } from '../../model/message.ts';
import { readEntry } from './boxes.ts';
import { isoOrNull } from './dates.ts';
import { readPlain } from './disk.ts';
import { type Entry, entriesIn, mailboxes } from './entries.ts';
import { parseSettlement } from './message-file.ts';
import { spellMessage } from './names.ts';
import { boxOf, type Place } from './place.ts';

/** A message's place in its life, without its content. */
export interface Located extends Entry {
  readonly mailbox: Mailbox;
  readonly stage: 'new' | 'claimed' | 'done';
}

/** Where the message with exactly this id is; null when it is nowhere. */
export function locate(place: Place, id: string): Located | null {
  // A message released while we look moves against our direction: hence a second look.
  return locateOnce(place, id) ?? locateOnce(place, id);
}

function locateOnce(place: Place, id: string): Located | null {
  for (const mailbox of mailboxes(place)) {
    const box = boxOf(place, mailbox);
    for (const stage of ['new', 'claimed', 'done'] as const) {
      const entry =
        stage === 'claimed' ? entriesIn(box.claimed).find((one) => one.id === id) : unclaimed(box[stage], id);
      if (entry !== undefined) return { ...entry, mailbox, stage };
    }
  }
  return null;
}

function unclaimed(dir: string, id: string): Entry | undefined {
  return (['mail', 'lifecycle', 'timer', 'spawn'] as const)
    .map((protocol): Entry => {
      const name = { id, protocol, claim: null };
      return { ...name, path: `${dir}/${spellMessage(name)}` };
    })
    .find((entry) => statSync(entry.path, { throwIfNoEntry: false }) !== undefined);
}

/** Every message whose id begins so, in the order of mailboxes. */
export function startingWith(place: Place, start: string): readonly Located[] {
  return mailboxes(place).flatMap((mailbox) => {
    const box = boxOf(place, mailbox);
    return (['new', 'claimed', 'done'] as const).flatMap((stage) =>
      entriesIn(box[stage])
        .filter((entry) => entry.id.startsWith(start))
        .map((entry) => ({ ...entry, mailbox, stage })),
    );
  });
}

/** The message with its state; null when it moved on or is unreadable. */
export function readLocated(place: Place, located: Located): Held | null {
  const read = readEntry(located);
  return read.kind === 'message'
    ? { mailbox: located.mailbox, message: read.message, state: stateOf(place, located) }
    : null;
}

export function stateOf(place: Place, located: Located): MessageState {
  switch (located.stage) {
    case 'new':
      return { is: 'waiting' };
    case 'claimed':
      return { is: 'claimed', by: located.claim?.by ?? '', at: isoOrNull(located.claim?.at) };
    case 'done':
      return { is: 'settled', settlement: settlementOf(place, located.mailbox, located.id) };
  }
}

export function settlementOf(place: Place, mailbox: Mailbox, id: string): ReturnType<typeof parseSettlement> {
  const plain = readPlain(outcomeFile(place, mailbox, id));
  return plain.kind === 'text' ? parseSettlement(plain.text) : null;
}

/** Beside the settled message: the message's own file is never rewritten, so it cannot be torn or come back. */
export function outcomeFile(place: Place, mailbox: Mailbox, id: string): string {
  return `${boxOf(place, mailbox).done}/${id}.outcome`;
}
