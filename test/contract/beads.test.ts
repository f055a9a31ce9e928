import { describe, it, vi } from 'vitest';
import { openBeads } from '../../src/store/beads/open.ts';
import { builtBd, withoutBd } from '../rig/bd.ts';
import { beadsTown } from '../rig/beads-town.ts';
import { storeContract } from './store-contract.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 60_000 });

/** The very tests of the files store, against the real program. */
for (const version of ['0.47.1', '1.0.0']) {
  const bd = builtBd(version);
  if (bd === null) {
    describe.skip(`the store port on beads ${withoutBd(version)}`, () => it('is the same', () => undefined));
    continue;
  }
  storeContract({
    name: `beads, bd ${version}`,
    ...(version === '0.47.1' ? {} : { longestBody: 65_535, datesBySecond: true }),
    create: async () => {
      const { root, env, remove } = beadsTown(bd);
      let now = Date.now();
      const clock = () => (now += 1);
      return { open: () => openBeads(root, { now: clock, env }), remove: async () => remove() };
    },
  });
}
