import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestTown, testTown } from '../rig/town.ts';

describe('an agent that is a plain shell script', () => {
  let town: TestTown;
  beforeAll(async () => {
    town = await testTown(['proj']);
    const file = join(town.dir, 'agent.sh');
    writeFileSync(file, '#!/bin/sh\nwhile read line; do :; done\n');
    chmodSync(file, 0o755);
    town.settings((all) => {
      all.agents = { ...Object(all.agents), script: { command: file, process_names: ['agent.sh'] } };
      all.default_agent = 'script';
    });
  });
  afterAll(() => town.close());

  it('outlives the loss of everything the keeper remembers, and a start by hand', async () => {
    await town.tick();
    const before = town.livePanes();
    expect([...before.keys()].sort()).toEqual(['gt-deacon', 'gt-proj-witness']);
    rmSync(join(town.root, 'daemon'), { recursive: true });
    for (let pass = 0; pass < 4; pass += 1) expect((await town.tick()).actions).toEqual([]);
    expect((await town.gt(['witness', 'start', 'proj'])).stdout).toContain('already running');
    expect(town.livePanes()).toEqual(before);
  });
});
