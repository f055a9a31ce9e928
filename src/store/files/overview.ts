import type { Mailbox } from '../../model/message.ts';
import type { Warning } from '../../model/snapshot.ts';
import type { Answer, Listing, Overview } from '../port.ts';
import { namesIn } from './disk.ts';
import { type Entry, entriesIn, foreignFile, mailboxes } from './entries.ts';
import { boxOf, type Place, placeOf } from './place.ts';
import { answer } from './trouble.ts';

/** What a pass asks for, without opening the whole store. `root` is the town's. */
export function filesOverview(root: string, subjects = false): Promise<Answer<Overview>> {
  return answer('the store cannot be read', () => overview(placeOf(root), subjects));
}

const none: Listing<never> = { items: [], warnings: [] };

/**
 * Everything a pass asks for. Mailboxes are counted by their directories alone; opened are only the messages for the
 * keeper, claimed ones, records and hooked work, and with `subjects` the newest of each mailbox. What reads them is loaded when there is one.
 */
async function overview(place: Place, subjects: boolean): Promise<Overview> {
  const warnings: Warning[] = [];
  const waiting: Record<Mailbox, number> = {};
  const newest: Record<Mailbox, Entry> = {};
  const boxes = mailboxes(place);
  for (const mailbox of boxes) {
    const entries = entriesIn(boxOf(place, mailbox).new, (path) => warnings.push(foreignFile(path)));
    const last = entries.at(-1);
    if (last === undefined) continue;
    waiting[mailbox] = entries.length;
    newest[mailbox] = last;
  }
  const requests = entriesIn(boxOf(place, 'deacon').new).filter((entry) => entry.protocol !== 'mail');
  const asked = requests.length === 0 ? none : (await import('./mail.ts')).oldestOf(requests);
  const isClaimed = boxes.some((mailbox) => entriesIn(boxOf(place, mailbox).claimed).length > 0);
  const taken = isClaimed ? (await import('./mail.ts')).claimed(place) : none;
  const recorded = namesIn(place.agents).length > 0;
  const agents = recorded ? (await import('./agents.ts')).listAgents(place) : none;
  const worked = namesIn(place.openWork).length > 0;
  const hooked = worked ? (await import('./work-read.ts')).hookedWork(place) : none;
  return {
    waiting,
    ...(subjects ? { subjects: (await import('./boxes.ts')).subjectsOf(newest) } : {}),
    protocol: asked.items,
    claimed: taken.items,
    agents: agents.items,
    hooked: hooked.items,
    warnings: [...warnings, ...asked.warnings, ...taken.warnings, ...agents.warnings, ...hooked.warnings],
  };
}
