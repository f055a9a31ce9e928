import type { Mailbox, Message } from '../../model/message.ts';
import type { Warning } from '../../model/snapshot.ts';
import { readPlain } from './disk.ts';
import type { Entry } from './entries.ts';
import { parseMessage } from './message-file.ts';

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

/** What these messages are about; those that cannot be read are left out. */
export function subjectsOf(entries: Readonly<Record<Mailbox, Entry>>): Record<Mailbox, string> {
  return Object.fromEntries(
    Object.entries(entries).flatMap(([mailbox, entry]) =>
      readEntries([entry], [], ({ subject }) => [mailbox, subject] as const),
    ),
  );
}

function unreadable(path: string, why: string): Warning {
  return { code: 'mail-unreadable', message: `${JSON.stringify(path)} ${why} and was left out` };
}
