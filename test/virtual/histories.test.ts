import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyHistory, liveThrough } from './history.ts';

/** GT_HISTORIES: how many days to live through at most; GT_SEED: which. By default as many as fit into some seconds. */
const histories = Number(process.env.GT_HISTORIES ?? 1500);
const seed = Number(process.env.GT_SEED ?? 1);
const limit = process.env.GT_HISTORIES === undefined ? { interruptAfterTimeLimit: 15_000 } : {};

describe('over simulated days full of faults', () => {
  it('no law is broken: nobody living is ended unasked, nothing is done twice, budgets and due times hold, and everything comes back', {
    timeout: 24 * 60 * 60_000,
  }, () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const { ledger, recovered } = liveThrough(history);
        expect(ledger.violations.slice(0, 3)).toEqual([]);
        expect(recovered).not.toBeNull();
      }),
      { numRuns: histories, seed, ...limit },
    );
  });
});
