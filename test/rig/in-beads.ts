import { describe, it, vi } from 'vitest';
import { builtBd, withoutBd } from './bd.ts';

/**
 * Runs the suites that `load` imports, unchanged, in towns that live in beads with this `bd`. One version a file: which
 * store the towns have is settled when they are first imported.
 */
export async function inBeadsOf(version: string, what: string, load: () => Promise<unknown>): Promise<void> {
  if (builtBd(version) === null) {
    describe.skip(`${what} in beads ${withoutBd(version)}`, () => it('is the same', () => undefined));
    return;
  }
  process.env.GT_TEST_STORE = `beads-${version}`;
  vi.setConfig({ testTimeout: 300_000, hookTimeout: 180_000 });
  await load();
}
