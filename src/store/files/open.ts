import type { Store } from '../port.ts';
import { filesAgents } from './agents.ts';
import { filesMail } from './mail.ts';
import type { Means } from './means.ts';
import { filesOverview } from './overview.ts';
import { placeOf } from './place.ts';
import { filesWork } from './work.ts';

/** The store that needs nothing but the town's own directory. Opening it touches nothing. */
export function openFiles(
  root: string,
  { now, random = Math.random }: Partial<Means> & Pick<Means, 'now'>,
): Store {
  const means: Means = { place: placeOf(root), now, random };
  return {
    overview: () => filesOverview(root),
    mail: filesMail(means),
    agents: filesAgents(means),
    work: filesWork(means),
  };
}
