import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callerOf } from '../../src/commands/caller.ts';
import { treeOf } from '../rig/tree.ts';
import { bareTown, gt } from './told.ts';

let town: string;
beforeEach(() => {
  town = bareTown();
  for (const home of ['proj/witness', 'proj/crew/max', 'proj/polecats/Toast', 'my-rig/refinery']) {
    mkdirSync(`${town}/${home}`, { recursive: true });
  }
});
afterEach(() => rmSync(town, { recursive: true, force: true }));

const heartbeat = (): unknown => JSON.parse(readFileSync(`${town}/deacon/heartbeat.json`, 'utf8'));
const clock = { GT_CLOCK: '{"wall":"2026-03-01T12:00:00Z"}' };
const exists = (path: string): boolean => {
  try {
    readFileSync(`${town}/${path}`);
    return true;
  } catch {
    return false;
  }
};

describe('gt deacon heartbeat', () => {
  it('leaves what the deacon does, and counts', async () => {
    const told = await gt(town, ['deacon', 'heartbeat', 'starting', 'rounds'], { env: clock });
    expect(told).toEqual({ exit: 0, out: '✓ Heartbeat updated: starting rounds\n', err: '' });
    expect(heartbeat()).toEqual({
      timestamp: '2026-03-01T12:00:00.000Z',
      cycle: 1,
      last_action: 'starting rounds',
      healthy_agents: 0,
      unhealthy_agents: 0,
    });
    expect((await gt(town, ['deacon', 'heartbeat'])).out).toBe('✓ Heartbeat updated\n');
    expect(heartbeat()).toMatchObject({ cycle: 2 });
    expect(heartbeat()).not.toHaveProperty('last_action');
  });

  it('says how long it waits on purpose (F60)', async () => {
    const told = await gt(town, ['deacon', 'heartbeat', 'waiting', '--await', '30m'], { env: clock });
    expect(told.exit).toBe(0);
    expect(heartbeat()).toMatchObject({ last_action: 'waiting', await_until: '2026-03-01T12:30:00.000Z' });
    for (const odd of ['soon', '0s', '900000d']) {
      const refused = await gt(town, ['deacon', 'heartbeat', '--await', odd], { env: clock });
      expect([refused.exit, heartbeat()], odd).toMatchObject([64, { cycle: 1 }]);
    }
  });

  it.each(['', '{', 'null', '[]', '{"cycle":"x"}', '{"cycle":-1}', '{"cycle":1e300}'])(
    'starts anew where the file holds %j',
    async (text) => {
      writeFileSync(`${town}/deacon/heartbeat.json`, text);
      expect((await gt(town, ['deacon', 'heartbeat'])).exit).toBe(0);
      expect(heartbeat()).toMatchObject({ cycle: 1 });
    },
  );

  it('makes the directory where it is missing', async () => {
    rmSync(`${town}/deacon`, { recursive: true });
    expect((await gt(town, ['deacon', 'heartbeat'])).exit).toBe(0);
    expect(heartbeat()).toMatchObject({ cycle: 1 });
  });

  it('is not work: it answers our own poke', async () => {
    await gt(town, ['deacon', 'heartbeat'], { env: { GT_ROLE: 'deacon' } });
    expect(exists('daemon/activity.json')).toBe(false);
    expect(exists('deacon/.runtime/keepalive.json')).toBe(true);
  });
});

describe('the traces that commands leave', () => {
  it.each([
    ['status', '--json'],
    ['version'],
    ['rig', 'list'],
    ['config', 'show'],
    ['mail', 'inbox'],
    ['mail', 'check'],
  ])('looking with gt %s %s shows that an agent lives, and is nobody’s work', async (...args) => {
    await gt(town, args, { env: { ...clock, GT_ROLE: 'deacon' } });
    expect(exists('daemon/activity.json')).toBe(false);
    expect(JSON.parse(readFileSync(`${town}/deacon/.runtime/keepalive.json`, 'utf8'))).toEqual({
      last_command: `gt ${args.filter((arg) => arg !== '--json').join(' ')}`,
      timestamp: '2026-03-01T12:00:00.000Z',
    });
    const before = treeOf(town);
    await gt(town, args);
    expect(treeOf(town), 'a person looks').toEqual(before);
  });

  it.each([['due'], ['tick', '--dry-run'], ['lifecycle', 'process', '--dry-run']])(
    'what schedulers or another gt call, gt %s, leaves none',
    async (...args) => {
      await gt(town, args, { env: { GT_ROLE: 'deacon' } });
      expect(exists('daemon/activity.json')).toBe(false);
      expect(exists('deacon/.runtime/keepalive.json')).toBe(false);
    },
  );

  it('are left by an agent in its own town, whichever it looks at', async () => {
    const other = bareTown();
    const before = treeOf(other);
    await gt('/', ['status', '--town', other], { env: { GT_ROLE: 'deacon', GT_TOWN_ROOT: town } });
    expect(treeOf(other)).toEqual(before);
    expect(exists('deacon/.runtime/keepalive.json')).toBe(true);
    rmSync(other, { recursive: true });
  });

  it.each(['witness stop nowhere', 'mayor stop'])(
    'gt %s is a person’s work, and an agent’s rounds',
    async (line) => {
      await gt(town, line.split(' '), { env: { GT_ROLE: 'deacon' } });
      expect(exists('daemon/activity.json')).toBe(false);
      await gt(town, line.split(' '));
      expect(exists('daemon/activity.json')).toBe(true);
    },
  );

  it('working leaves one for the town and one for the agent that works', async () => {
    await gt(town, ['rig', 'park', 'proj'], { env: { ...clock, GT_ROLE: 'witness', GT_RIG: 'proj' } });
    const stamp = { last_command: 'gt rig park', timestamp: '2026-03-01T12:00:00.000Z' };
    expect(JSON.parse(readFileSync(`${town}/daemon/activity.json`, 'utf8'))).toEqual(stamp);
    expect(JSON.parse(readFileSync(`${town}/proj/witness/.runtime/keepalive.json`, 'utf8'))).toEqual(stamp);
  });
});

describe('callerOf', () => {
  it.each([
    [{ GT_ROLE: 'mayor' }, 'mayor'],
    [{ GT_ROLE: 'deacon' }, 'deacon'],
    [{ GT_ROLE: 'witness', GT_RIG: 'proj' }, 'proj/witness'],
    [{ GT_ROLE: 'crew', GT_RIG: 'proj', GT_CREW: 'max' }, 'proj/crew/max'],
    [{ GT_ROLE: 'polecat', GT_RIG: 'proj', GT_POLECAT: 'Toast' }, 'proj/polecats/Toast'],
    [{ GT_ROLE: 'proj/witness' }, 'proj/witness'],
    [{ GT_ROLE: 'proj/witness/' }, 'proj/witness'],
    [{ GT_ROLE: 'proj/crew/max' }, 'proj/crew/max'],
    [{ GT_ROLE: 'proj/polecats/Toast' }, 'proj/polecats/Toast'],
    [{ GT_ROLE: 'proj/Toast' }, 'proj/polecats/Toast'],
    [{ GT_ROLE: 'proj/max' }, 'proj/crew/max'],
    [{ GT_ROLE: 'my-rig-refinery' }, 'my-rig/refinery'],
    [{ GT_ROLE: 'proj-crew-max' }, 'proj/crew/max'],
    [{}, undefined],
    [{ GT_ROLE: 'overseer' }, undefined],
    [{ GT_ROLE: 'nowhere/witness' }, undefined],
    [{ GT_ROLE: 'crew', GT_RIG: 'proj', GT_CREW: '../witness' }, undefined],
    [{ GT_ROLE: '../proj/witness' }, undefined],
    [{ GT_ROLE: 'witness', GT_RIG: '..' }, undefined],
  ])('reads %j as %s', (env, id) => {
    expect(callerOf(town, { env, cwd: '/' })?.id).toBe(id);
  });

  it('takes the rig from the directory where the environment does not name it', () => {
    expect(callerOf(town, { env: { GT_ROLE: 'witness' }, cwd: `${town}/proj/witness` })?.id).toBe(
      'proj/witness',
    );
    expect(callerOf(town, { env: { GT_ROLE: 'witness' }, cwd: '/' })).toBeNull();
  });
});
