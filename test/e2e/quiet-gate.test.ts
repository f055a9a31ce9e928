import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Measured } from '../bench/command.ts';
import { effects, instructions } from '../bench/count.ts';
import { gtFile } from '../rig/built-gt.ts';
import { type TestTown, testTown } from '../rig/town.ts';

const lacks = (program: string) => spawnSync(program, ['--version']).status !== 0;
const unless = (program: string) => (lacks(program) ? ` (SKIPPED: ${program} is not installed)` : '');

/** Counts, not times: they do not depend on how busy the machine is. */
describe('a tick with nothing due', () => {
  let town: TestTown;
  let quiet: Measured;
  let bare: Measured;
  beforeAll(async () => {
    town = await testTown();
    expect((await town.tick()).status).toBe(0);
    quiet = { argv: [process.execPath, gtFile, 'tick', '--town', town.root], env: town.env, exits: [0] };
    bare = { ...quiet, argv: [process.execPath, '-e', '0'] };
  });
  afterAll(() => town.close());

  it('prints nothing and exits 0', () => {
    const [node, ...args] = quiet.argv;
    const { status, stdout, stderr } = spawnSync(node, args, { env: quiet.env, encoding: 'utf8' });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it.skipIf(lacks('strace'))(`starts no subprocess and writes no file${unless('strace')}`, () => {
    expect(effects(quiet, town.root)).toEqual({ subprocesses: 0, bytesWritten: 0, syncs: 0 });
  });

  it.skipIf(lacks('valgrind'))(
    `executes at most 0.97 of the instructions of node -e 0${unless('valgrind')}`,
    () => {
      expect(instructions(quiet) / instructions(bare)).toBeLessThanOrEqual(0.97);
    },
  );
});
