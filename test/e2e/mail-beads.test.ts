import { describe, it, vi } from 'vitest';
import { builtBd, withoutBd } from '../rig/bd.ts';

/** The tests of mail and of requests, unchanged, in towns that live in beads. */
const version = '0.47.1';
if (builtBd(version) === null) {
  describe.skip(`mail and requests in beads ${withoutBd(version)}`, () =>
    it('are the same', () => undefined));
} else {
  process.env.GT_TEST_STORE = `beads-${version}`;
  vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });
  await import('./mail.test.ts');
  await import('./lifecycle.test.ts');
}
