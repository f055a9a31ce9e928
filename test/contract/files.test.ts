import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFiles } from '../../src/store/files/open.ts';
import { storeContract } from './store-contract.ts';

storeContract({
  name: 'files',
  create: async () => {
    const root = mkdtempSync(join(tmpdir(), 'gt-store-'));
    // Two messages of one process within a millisecond have no order; a clock that always moves on gives them one.
    let now = Date.now();
    const clock = () => (now += 1);
    return {
      open: () => openFiles(root, { now: clock }),
      remove: async () => rmSync(root, { recursive: true }),
    };
  },
});
