import type { Mailbox } from '../../model/message.ts';
import { readHealths } from './health-file.ts';
import { howToAsk, lastKnown } from './sickness.ts';
import { findStores } from './stores.ts';
import { parseView } from './view.ts';

/** What a pass left about a mailbox in the town's beads, for whoever cannot wait for them. */
export interface RememberedMail {
  /** The store is known to be out of order, and not to be asked yet. */
  readonly resting: boolean;
  /** How many messages waited, and when that was, milliseconds since 1970; null: nobody knows. */
  readonly last: { readonly waiting: number; readonly at: number } | null;
}

export function rememberedMail(root: string, mailbox: Mailbox, now: number): RememberedMail {
  const health = readHealths(root).get(findStores(root).town.path);
  const last = lastKnown(health, now);
  const view = last === null ? null : parseView(last.view);
  return {
    resting: howToAsk(health, now) === 'rest',
    last: last === null || view === null ? null : { waiting: view.waiting[mailbox] ?? 0, at: last.at },
  };
}
