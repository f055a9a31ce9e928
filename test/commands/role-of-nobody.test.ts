import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actingAgent } from '../../src/commands/standing.ts';
import { primeText } from '../../src/commands/talk/prime.ts';
import { gt, rigTown } from './told.ts';

let town: string;
beforeAll(() => {
  town = rigTown('crew/max', 'polecats/toast');
});
afterAll(() => rmSync(town, { recursive: true, force: true }));

const acting = (role: string, dir = ''): string | null =>
  actingAgent(town, { env: { GT_ROLE: role }, cwd: join(town, dir) })?.id ?? null;

describe('a GT_ROLE that names nobody of this town', () => {
  it.each([
    ['garbage', ''],
    ['garbage', 'mayor'],
    ['garbage', 'deacon'],
    ['boot', 'deacon'],
    ['proj/polecats/gone', ''],
    ['witness', ''],
    ['crew', ''],
    ['crew', 'proj/polecats/toast'],
  ])('%s in the town’s %j makes nobody of whoever asks', (role, dir) => {
    expect(acting(role, dir)).toBeNull();
  });

  it.each([
    ['', '', 'mayor'],
    [' ', 'deacon', 'deacon'],
    ['mayor', 'proj/crew/max', 'mayor'],
    ['deacon/', '', 'deacon'],
    ['polecat', 'proj/polecats/toast', 'proj/polecats/toast'],
    ['crew', 'proj/crew/max', 'proj/crew/max'],
  ])('is not %j in the town’s %j, who is %s', (role, dir, id) => {
    expect(acting(role, dir)).toBe(id);
  });

  it('has no hook, gives none up, and is told what its GT_ROLE says', async () => {
    const env = { GT_ROLE: 'garbage' };
    await gt(town, ['sling', 'repair the build', 'mayor']);
    for (const args of [['hook'], ['hook', 'clear'], ['done'], ['dnd', 'on']]) {
      const { exit, err } = await gt(town, args, { env });
      expect(exit, args.join(' ')).toBe(1);
      expect(err).toContain('cannot determine agent identity (role: unknown)');
    }
    expect((await gt(town, ['hook'], { env })).err).toContain(
      'GT_ROLE is "garbage", which is no agent of this town',
    );
    expect((await gt(town, ['hook', 'show', 'mayor'])).out).toContain('repair the build');
  });

  it('is not briefed as the mayor', async () => {
    const text = await primeText({ env: { GT_ROLE: 'garbage' }, cwd: town, pid: 7 });
    expect(text).not.toContain('role:mayor');
  });
});
