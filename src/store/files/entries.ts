import type { Mailbox } from '../../model/message.ts';
import type { Warning } from '../../model/snapshot.ts';
import { directoriesIn, namesIn } from './disk.ts';
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

export function foreignFile(path: string): Warning {
  return { code: 'mail-foreign', message: `${JSON.stringify(path)} is not a message and was left out` };
}
