import { filesOverview } from './files/overview.ts';
import type { Answer, Overview } from './port.ts';

/** What a pass wants to know of a town's store, without loading what changes one. */
export function readOverview(root: string): Promise<Answer<Overview>> {
  return filesOverview(root);
}
