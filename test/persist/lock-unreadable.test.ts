import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { scratch } from '../town/scratch.ts';
import { asNobody, bundledRoom, canBecomeNobody } from './unprivileged.ts';

const skipped = canBecomeNobody ? '' : ' (SKIPPED: only root can become another user)';

describe.skipIf(!canBecomeNobody)(`a lock that may not be read${skipped}`, () => {
  let module: string;
  let dir: string;
  beforeAll(async () => {
    dir = scratch();
    chmodSync(dir, 0o755);
    module = await bundledRoom();
  });

  it('is a matter of rights, 77, and nobody is told to remove it', () => {
    const path = `${dir}/tick.lock`;
    writeFileSync(path, 'whoever it names', { mode: 0o600 });
    const answer = asNobody(module, `m.lock(${JSON.stringify(path)})`);
    expect(answer).toMatchObject({ code: 'not-read', exit: 77 });
    expect(JSON.stringify(answer)).not.toContain('rm ');
    expect(existsSync(path)).toBe(true);
  });
});
