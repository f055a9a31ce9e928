import { filesOverview } from './files/overview.ts';
import { storeAsked, storeKind } from './kind.ts';
import type { Outside } from './open.ts';
import type { Answer, Overview } from './port.ts';

/** How a pass looks at the store. */
export interface Looking extends Outside {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Whether what was found out of the store may be remembered; not in a dry run. Default: no. */
  readonly keep?: boolean;
  /** Whether to find out what the newest messages are about, which opens one in each mailbox. Default: no. */
  readonly subjects?: boolean;
  /** Wall time in milliseconds that the whole look may take. */
  readonly budgetMs?: number;
}

/** What a pass wants to know of a town's store, without loading what changes one. */
export async function readOverview(root: string, looking?: Looking): Promise<Answer<Overview>> {
  const outside = looking ?? { env: process.env, now: Date.now() };
  if (storeKind(root, outside.asked ?? storeAsked(root)) === 'files')
    return filesOverview(root, outside.subjects);
  const [{ beadsOf }, { beadsOverview }] = await Promise.all([
    import('./beads/open.ts'),
    import('./beads/overview.ts'),
  ]);
  const { now, keep = false, budgetMs } = outside;
  const beads = beadsOf(root, { ...outside, now: () => now });
  return beadsOverview(beads, { keep, ...(budgetMs === undefined ? {} : { budgetMs }) });
}
