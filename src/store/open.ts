import { openFiles } from './files/open.ts';
import type { Store } from './port.ts';

/** Opens a town's store. Opening touches nothing. `now`: milliseconds since 1970. */
export function openStore(root: string, now: () => number): Store {
  return openFiles(root, { now });
}
