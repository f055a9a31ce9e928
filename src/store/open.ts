import type { StoreKind } from '../model/config.ts';
import type { Run } from '../run.ts';
import { openFiles } from './files/open.ts';
import { storeAsked, storeKind } from './kind.ts';
import { lazyStore } from './lazy.ts';
import type { Store } from './port.ts';

/** What a store kept by another program needs of the outside. */
export interface Outside {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Directories searched for the program. Default: those of the environment's `PATH`. */
  readonly path?: readonly string[];
  readonly run?: Run;
  /** What the settings ask for, where they were read already. */
  readonly asked?: StoreKind;
  /** For one call of the program, in milliseconds. */
  readonly timeoutMs?: number;
}

/** Opens a town's store. Opening touches nothing. `now`: milliseconds since 1970. */
export function openStore(root: string, now: () => number, outside: Outside = { env: process.env }): Store {
  if (storeKind(root, outside.asked ?? storeAsked(root)) === 'files') return openFiles(root, { now });
  return lazyStore(async () => (await import('./beads/open.ts')).openBeads(root, { ...outside, now }));
}
