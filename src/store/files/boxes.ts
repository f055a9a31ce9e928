import type { Mailbox, Message } from '../../model/message.ts';
import type { Warning } from '../../model/snapshot.ts';
import { directoriesIn, namesIn, readPlain } from './disk.ts';
import { parseMessage } from './message-file.ts';
import { decodeName, type MessageName, parseMessageName } from './names.ts';
import type { Place } from './place.ts';

/** A message's file: where it is and what its name says. */
export interface Entry extends MessageName {
  readonly path: string;
}

/** The mailboxes that exist. What is no mailbox of ours is left out. */
export function mailboxes(place: Place): readonly Mailbox[] {
  return directoriesIn(place.mail)
    .flatMap((file) => decodeName(file) ?? [])
    .sort();
}

/** The message files of a directory, oldest id first. `foreign` gets every name that is none. */
export function entriesIn(dir: string, foreign?: (path: string) => void): readonly Entry[] {
  return [...namesIn(dir)].sort().flatMap((file) => {
    const path = `${dir}/${file}`;
    const name = parseMessageName(file);
    if (name !== null) return { ...name, path };
    if (!file.endsWith('.outcome')) foreign?.(path);
    return [];
  });
}

/** Reads entries; those that moved away meanwhile are left out, those that are no messages are named in `warnings`. */
export function readEntries<T>(
  entries: readonly Entry[],
  warnings: Warning[],
  make: (message: Message, entry: Entry) => T,
): readonly T[] {
  return entries.flatMap((entry) => {
    const read = readEntry(entry);
    if (read.kind === 'message') return [make(read.message, entry)];
    if (read.kind === 'bad') warnings.push(unreadable(entry.path, read.why));
    return [];
  });
}

export type ReadEntry =
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'absent' }
  | { readonly kind: 'bad'; readonly why: string };

export function readEntry(entry: Entry): ReadEntry {
  const plain = readPlain(entry.path);
  if (plain.kind !== 'text') return plain;
  const message = parseMessage(plain.text, entry.id);
  return message === null ? { kind: 'bad', why: 'holds no message of ours' } : { kind: 'message', message };
}

function unreadable(path: string, why: string): Warning {
  return { code: 'mail-unreadable', message: `${JSON.stringify(path)} ${why} and was left out` };
}

export function foreignFile(path: string): Warning {
  return { code: 'mail-foreign', message: `${JSON.stringify(path)} is not a message and was left out` };
}
