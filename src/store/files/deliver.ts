import { rmSync } from 'node:fs';
import type { Draft, Mailbox } from '../../model/message.ts';
import { protocolOf } from '../../model/message.ts';
import { fault } from '../../persist/fault.ts';
import { syncDirectory } from '../../persist/replace-file.ts';
import type { Delivered } from '../port.ts';
import { zonedIso } from './dates.ts';
import { makeDir, moveFile, writeNew } from './disk.ts';
import { newId } from './id.ts';
import type { Means } from './means.ts';
import { messageText } from './message-file.ts';
import { spellMessage } from './names.ts';
import { boxOf } from './place.ts';

/** The mailboxes a draft goes to: each once, the addressee first. */
export function destinationsOf(draft: Draft): readonly Mailbox[] {
  return [...new Set([draft.to, ...draft.cc])];
}

/** One id for a whole thread, as upstream spells it: `thread-` and twelve hexadecimal digits. */
export function newThread(random: () => number): string {
  return `thread-${Math.floor(random() * 16 ** 12)
    .toString(16)
    .padStart(12, '0')}`;
}

/**
 * Delivers one copy: written and synced under `tmp`, then renamed into `new`. Before the rename nobody can see it, after
 * it everybody sees all of it.
 */
export function deliver(means: Means, draft: Draft, mailbox: Mailbox, thread: string): Delivered {
  const box = boxOf(means.place, mailbox);
  makeDir(box.tmp);
  makeDir(box.new);
  fault('mail.opened-box');
  for (;;) {
    const now = means.now();
    const id = newId('gm', now, means.random);
    const temporary = `${box.tmp}/${id}.json`;
    // A timer's "at 14:00" is by the clock of whoever sends it; the tick's may be another.
    const at = protocolOf(draft.subject) === 'timer' ? zonedIso(now) : new Date(now).toISOString();
    writeNew(temporary, messageText(draft, id, at, thread));
    fault('mail.delivered-tmp');
    try {
      // A false answer means that somebody cleared `tmp` under our hands: write it again.
      if (
        !moveFile(
          temporary,
          `${box.new}/${spellMessage({ id, protocol: protocolOf(draft.subject), claim: null })}`,
        )
      )
        continue;
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
    syncDirectory(box.new);
    fault('mail.delivered');
    return { mailbox, id };
  }
}
