import type { Held, Mailbox, Message } from '../../model/message.ts';
import type { Warning } from '../../model/snapshot.ts';
import type { Found, Listing, Mail } from '../port.ts';
import { readEntries } from './boxes.ts';
import { claim, release, settleClaimed, settleWaiting } from './change.ts';
import { deliver, destinationsOf, newThread } from './deliver.ts';
import { readPlain } from './disk.ts';
import { type Entry, entriesIn, foreignFile, mailboxes } from './entries.ts';
import { type Located, locate, readLocated, startingWith, stateOf } from './locate.ts';
import type { Means } from './means.ts';
import { parseMessage } from './message-file.ts';
import { boxOf, type Place } from './place.ts';
import { answer } from './trouble.ts';

/** Mail in files: a maildir for each mailbox. */
export function filesMail(means: Means): Mail {
  const { place } = means;
  return {
    send: async (draft) => {
      const thread = draft.thread ?? newThread(means.random);
      const done: { readonly mailbox: Mailbox; readonly id: string }[] = [];
      const sent = await answer(`mail to ${draft.to} could not be delivered`, () => {
        for (const mailbox of destinationsOf(draft)) done.push(deliver(means, draft, mailbox, thread));
        return done;
      });
      if (sent.known || done.length === 0) return sent;
      return {
        ...sent,
        reason: `${sent.reason} (delivered before that: ${done.map((one) => one.mailbox).join(', ')})`,
      };
    },
    inbox: (mailbox) => answer(`the mailbox ${mailbox} cannot be read`, () => inbox(place, mailbox)),
    count: (mailbox) =>
      answer(`the mailbox ${mailbox} cannot be read`, () => entriesIn(boxOf(place, mailbox).new).length),
    find: (id) => answer('mail cannot be read', () => find(place, id)),
    thread: (thread) => answer('mail cannot be read', () => threadOf(place, thread)),
    history: (mailbox, limit) =>
      answer(`the mailbox ${mailbox} cannot be read`, () => history(place, mailbox, limit)),
    settle: (id, settlement) =>
      answer(`message ${id} could not be settled`, () => settleWaiting(means, id, settlement)),
    claim: (id, by) => answer(`message ${id} could not be claimed`, () => claim(means, id, by)),
    settleClaimed: (id, settlement) =>
      answer(`message ${id} could not be settled`, () => settleClaimed(means, id, settlement)),
    release: (id) => answer(`message ${id} could not be put back`, () => release(means, id)),
    claimed: () => answer('mail cannot be read', () => claimed(place)),
  };
}

/** By date, then by id, the newest first; undated ones last. */
function newestFirst<T>(items: readonly T[], messageOf: (item: T) => Message): readonly T[] {
  return items
    .map((item) => {
      const { id, at } = messageOf(item);
      return { item, id, time: at === null ? 0 : Date.parse(at) };
    })
    .sort((one, other) => other.time - one.time || (one.id < other.id ? 1 : -1))
    .map(({ item }) => item);
}

/** The same, the oldest first. */
function oldestFirst<T>(items: readonly T[], messageOf: (item: T) => Message): readonly T[] {
  return newestFirst(items, messageOf).toReversed();
}

function inbox(place: Place, mailbox: Mailbox): Listing<Message> {
  const warnings: Warning[] = [];
  const entries = entriesIn(boxOf(place, mailbox).new, (path) => warnings.push(foreignFile(path)));
  const items = readEntries(entries, warnings, (message) => message);
  return { items: newestFirst(items, (message) => message), warnings };
}

function find(place: Place, id: string): Found {
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(id)) return { kind: 'missing' };
  const exact = locate(place, id);
  const candidates = exact === null ? startingWith(place, id) : [exact];
  const [first, ...others] = candidates;
  if (first === undefined) return { kind: 'missing' };
  if (others.length > 0) return { kind: 'ambiguous', ids: candidates.map((one) => one.id) };
  // It may have moved between the two looks, hence by its id once more.
  const held = readLocated(place, first) ?? again(place, first.id);
  return held === null ? { kind: 'missing' } : { kind: 'found', held };
}

function again(place: Place, id: string): Held | null {
  const located = locate(place, id);
  return located === null ? null : readLocated(place, located);
}

function history(place: Place, mailbox: Mailbox, limit: number): Listing<Held> {
  const warnings: Warning[] = [];
  const box = boxOf(place, mailbox);
  const located = (['claimed', 'done'] as const)
    .flatMap((stage) => entriesIn(box[stage]).map((entry): Located => ({ ...entry, mailbox, stage })))
    .sort((one, other) => (one.id < other.id ? 1 : -1))
    .slice(0, limit);
  return { items: readHeld(place, located, warnings), warnings };
}

/** The messages of these files, the oldest first. */
export function oldestOf(entries: readonly Entry[]): Listing<Message> {
  const warnings: Warning[] = [];
  const items = readEntries(entries, warnings, (message) => message);
  return { items: oldestFirst(items, (message) => message), warnings };
}

export function claimed(place: Place): Listing<Held> {
  const warnings: Warning[] = [];
  const located = mailboxes(place).flatMap((mailbox) =>
    entriesIn(boxOf(place, mailbox).claimed).map(
      (entry): Located => ({ ...entry, mailbox, stage: 'claimed' }),
    ),
  );
  const items = readHeld(place, located, warnings);
  return { items: oldestFirst(items, ({ message }) => message), warnings };
}

function threadOf(place: Place, thread: string): Listing<Held> {
  const warnings: Warning[] = [];
  const items = mailboxes(place).flatMap((mailbox) => {
    const box = boxOf(place, mailbox);
    return (['new', 'claimed', 'done'] as const).flatMap((stage) =>
      entriesIn(box[stage]).flatMap((entry): readonly Held[] => {
        const plain = readPlain(entry.path);
        // Looking for the word first spares parsing every message of the town.
        if (plain.kind !== 'text' || !plain.text.includes(JSON.stringify(thread))) return [];
        const message = parseMessage(plain.text, entry.id);
        if (message === null || message.thread !== thread) return [];
        return [{ mailbox, message, state: stateOf(place, { ...entry, mailbox, stage }) }];
      }),
    );
  });
  return { items: oldestFirst(items, ({ message }) => message), warnings };
}

function readHeld(place: Place, located: readonly Located[], warnings: Warning[]): readonly Held[] {
  return located.flatMap((one) =>
    readEntries([one], warnings, (message) => ({
      mailbox: one.mailbox,
      message,
      state: stateOf(place, one),
    })),
  );
}
