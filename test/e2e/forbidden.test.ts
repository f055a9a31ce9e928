import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gtFile } from '../rig/built-gt.ts';
import { type TestTown, testTown } from '../rig/town.ts';

const lacks = (program: string) => spawnSync(program, ['--version']).status !== 0;
const skipped = lacks('strace') ? ' (SKIPPED: strace is not installed)' : '';

/** As macOS answers a background program about a folder that nobody has opened to it yet: EPERM, whatever the rights. */
describe.skipIf(skipped !== '')(`a town that the system keeps programs out of${skipped}`, () => {
  let town: TestTown;
  beforeAll(async () => {
    town = await testTown(['proj']);
    await town.tick();
  });
  afterAll(() => town.close());

  const forbidden = (path: string, ...args: readonly string[]) =>
    spawnSync(
      'strace',
      [
        '-f',
        '-qq',
        '-o',
        '/dev/null',
        '-P',
        path,
        '-e',
        'inject=%file:error=EPERM',
        '--',
        process.execPath,
      ].concat(gtFile, args),
      { env: town.env, encoding: 'utf8' },
    );

  it.each(['.', 'mayor/town.json'])('at %s: 77, the grant is named, and nothing is done (F81)', (what) => {
    const before = town.livePanes();
    const path = join(town.root, what);
    const ended = forbidden(path, 'tick', '--force', '--town', town.root);
    expect(ended.status).toBe(77);
    expect(ended.stdout).toBe('');
    expect(ended.stderr).toContain('EPERM');
    expect(ended.stderr).toContain('full disk access');
    expect(town.livePanes()).toEqual(before);
  });
});
