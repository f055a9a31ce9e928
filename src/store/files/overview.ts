import type { Mailbox } from '../../model/message.ts';
import type { Warning } from '../../model/snapshot.ts';
import type { Overview } from '../port.ts';
import { listAgents } from './agents.ts';
import { entriesIn, foreignFile, mailboxes, readEntries } from './boxes.ts';
import { claimed, oldestFirst } from './mail.ts';
import { boxOf, type Place } from './place.ts';
import { hookedWork } from './work-read.ts';

/**
 * Everything a pass asks for. Mailboxes are counted by their directories alone; opened are only the messages for the
 * keeper, claimed ones, records and hooked work.
 */
export function overview(place: Place): Overview {
  const warnings: Warning[] = [];
  const waiting: Record<Mailbox, number> = {};
  for (const mailbox of mailboxes(place)) {
    const count = entriesIn(boxOf(place, mailbox).new, (path) => warnings.push(foreignFile(path))).length;
    if (count > 0) waiting[mailbox] = count;
  }
  const forKeeper = entriesIn(boxOf(place, 'deacon').new).filter((entry) => entry.protocol !== 'mail');
  const protocol = readEntries(forKeeper, warnings, (message) => message);
  const taken = claimed(place);
  const agents = listAgents(place);
  const hooked = hookedWork(place);
  return {
    waiting,
    protocol: oldestFirst(protocol, (message) => message),
    claimed: taken.items,
    agents: agents.items,
    hooked: hooked.items,
    warnings: [...warnings, ...taken.warnings, ...agents.warnings, ...hooked.warnings],
  };
}
