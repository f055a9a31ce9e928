import { existsSync, renameSync } from 'node:fs';
import { errnoOf } from '../../persist/io-failure.ts';
import type { Layout } from '../../town/layout.ts';

/**
 * Takes the gate's file away while requests are carried out between two heartbeats: should this process be killed, the
 * very next tick is due and goes on with them. Gives what puts the file back once all is done.
 */
export function openGate({ dueFile }: Layout): () => void {
  const aside = `${dueFile}.aside`;
  try {
    renameSync(dueFile, aside);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    return () => undefined;
  }
  return () => {
    if (!existsSync(dueFile)) renameSync(aside, dueFile);
  };
}
