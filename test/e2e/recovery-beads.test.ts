import { describe, it, vi } from 'vitest';
import { builtBd, withoutBd } from '../rig/bd.ts';

/** The tests of recovery and of a town kept alive, unchanged, in towns that live in beads. */
const version = '0.47.1';
if (builtBd(version) === null) {
  describe.skip(`recovery in beads ${withoutBd(version)}`, () => it('is the same', () => undefined));
} else {
  process.env.GT_TEST_STORE = `beads-${version}`;
  vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });
  await import('./recovery.test.ts');
  await import('./kept-alive.test.ts');
}
