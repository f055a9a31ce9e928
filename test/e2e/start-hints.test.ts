import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TestTown, testTown } from '../rig/town.ts';

let town: TestTown;
beforeEach(async () => {
  town = await testTown(['proj']);
});
afterEach(() => town.close());

/** Runs the command that a failure names, as it stands there: from a directory that belongs to no town. */
async function hinted(args: readonly string[], status: number): Promise<readonly string[]> {
  const failed = await town.gt(args);
  expect(failed.status, failed.stderr).toBe(status);
  const [, next = ''] = /\n {4}next: (.+)\n$/.exec(failed.stderr) ?? [];
  expect(next, failed.stderr).not.toBe('');
  return next.split(' ');
}

const wisps = () => join(town.root, '.beads-wisp/config');

describe('gt witness start that fails', () => {
  it.each([
    ['a parked rig', ['rig', 'park', 'proj'], `gt rig unpark proj`],
    ['a hold', ['hold', 'proj/witness', '--reason', 'mine'], 'gt resume proj/witness'],
    ['a held town', ['hold', '--reason', 'mine'], 'gt resume'],
    ['a town that is down', ['down'], 'gt up'],
  ])('for %s names the command, with the town, after which it works', async (_, deed, ending) => {
    await town.gt(deed);
    const [gt, ...next] = await hinted(['witness', 'start', 'proj'], 1);
    expect([gt, ...next].join(' ')).toBe(`${ending} --town ${town.root}`);
    // The rig adds --town by itself.
    expect((await town.gt(next.slice(0, -2))).status).toBe(0);
    expect((await town.gt(['witness', 'start', 'proj'])).status).toBe(0);
  });

  it.each(['parked', 'docked'])(
    'for a rig that another program has %s names the file that says so',
    async (status) => {
      mkdirSync(wisps(), { recursive: true });
      const file = join(wisps(), 'proj.json');
      writeFileSync(file, JSON.stringify({ values: { status } }));
      expect(await hinted(['witness', 'start', 'proj'], 1)).toEqual(['${EDITOR:-vi}', file]);
      const unparked = await town.gt(['rig', 'unpark', 'proj']);
      expect(unparked).toMatchObject({
        status: 1,
        stderr: expect.stringContaining(`To end that: \${EDITOR:-vi} ${file}`),
      });
      writeFileSync(file, '{"values":{}}');
      expect((await town.gt(['witness', 'start', 'proj'])).status).toBe(0);
    },
  );

  it('for a session that is not the town’s names the command that tells more', async () => {
    await town.gt(['deacon', 'start']);
    town.tmux('new-session', '-d', '-s', 'gt-proj-witness', 'sleep', '600');
    for (const verb of ['start', 'restart']) {
      const [, ...next] = await hinted(['witness', verb, 'proj'], 1);
      expect(next.slice(0, -2)).toEqual(['why', 'proj/witness']);
      expect((await town.gt(next.slice(0, -2))).stdout).toContain('gt-proj-witness');
    }
  });

  it('for want of its program or of such a rig names one that works too', async () => {
    const settings = join(town.root, 'settings/config.json');
    const agents = { gone: { command: '/no/such/program' } };
    const tick = { socket: 'gt-test-hints', tmux_tmpdir: town.dir };
    writeFileSync(settings, JSON.stringify({ default_agent: 'gone', agents, tick }));
    for (const [args, status] of [
      [['witness', 'start', 'proj'], 69],
      [['witness', 'start', 'porj'], 1],
    ] as const) {
      const [, ...next] = await hinted(args, status);
      expect((await town.gt(next.slice(0, -2))).status).toBe(0);
    }
  });
});
