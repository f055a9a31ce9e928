import { acquireLock } from '../persist/lock.ts';
import type { Layout } from '../town/layout.ts';

/** Kept while a pane is typed into, so that a tick and a person's command never mix their words (design F42). */
export type PaneLock =
  | { readonly kind: 'held'; readonly release: () => void }
  | { readonly kind: 'busy'; readonly message: string }
  | { readonly kind: 'broken'; readonly message: string };

/** Takes the lock of one pane or says who has it; never waits, never throws. A dead holder is succeeded at once. */
export function lockPane(layout: Layout, pane: string, wall: number): PaneLock {
  try {
    const since = new Date(wall).toISOString();
    const lock = acquireLock(`${paneLocksDir(layout)}/${pane.replace('%', 'pane-')}.lock`, {
      since,
      command: 'a nudge',
    });
    return lock.kind === 'held' ? lock : { kind: 'busy', message: lock.message };
  } catch (error) {
    return { kind: 'broken', message: error instanceof Error ? error.message : String(error) };
  }
}

export function paneLocksDir({ daemonDir }: Layout): string {
  return `${daemonDir}/nudge`;
}
