import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TestTown, testTown } from '../rig/town.ts';

let town: TestTown;
beforeEach(async () => {
  town = await testTown(['a', 'b', 'c']);
});
afterEach(() => town.close());

describe('gt up in a town where some are held', () => {
  it('leaves them as they are, names each with what holds it and what ends that, and starts all others', async () => {
    await town.gt(['hold', 'a/witness', '--reason', 'mine']);
    await town.gt(['witness', 'stop', 'b']);
    await town.gt(['rig', 'park', 'c', '--reason', 'moving']);
    const { status, stdout, stderr } = await town.gt(['up']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toEqual(expect.arrayContaining(['✓ Deacon: gt-deacon', '✓ Mayor: gt-mayor']));
    expect(lines).toContainEqual(
      expect.stringMatching(/^○ Witness \(a\): .*held \(mine, .*\(to end that: gt resume a\/witness\)$/),
    );
    expect(lines).toContain('○ Witness (b): it was told to stay down (to end that: gt resume b/witness)');
    expect(lines).toContainEqual(
      expect.stringMatching(/^○ Witness \(c\): c is parked \(moving, .*\(to end that: gt rig unpark c\)$/),
    );
    expect(lines.at(-1)).toBe('○ Those that are held stay as they are; all others run');
    expect([...town.livePanes().keys()].sort()).toEqual(['gt-deacon', 'gt-mayor']);
    for (const ending of [
      ['resume', 'a/witness'],
      ['resume', 'b/witness'],
      ['rig', 'unpark', 'c'],
    ])
      expect((await town.gt(ending)).status).toBe(0);
    expect((await town.gt(['up'])).stdout).toContain('✓ All services running');
    expect(town.livePanes().size).toBe(5);
  });

  it('what a person stopped by name no agent starts, in no way; what an agent stopped, another may', async () => {
    mkdirSync(`${town.root}/deacon`, { recursive: true });
    const deacon = { GT_ROLE: 'deacon' };
    await town.gt(['witness', 'stop', 'a'], { USER: 'ann' });
    for (const verb of ['start', 'restart']) {
      const { status, stderr } = await town.gt(['witness', verb, 'a'], deacon);
      expect(status).toBe(77);
      expect(stderr).toContain('a/witness is down (stopped with gt witness stop, by ann');
      expect(stderr).toContain('what a person stopped a person starts');
      expect(stderr).toContain('gt mail send --human');
    }
    await town.gt(['witness', 'stop', 'b'], deacon);
    expect((await town.gt(['witness', 'start', 'b'], deacon)).status).toBe(0);
    expect([...town.livePanes().keys()]).toEqual(['gt-b-witness']);
    expect((await town.gt(['witness', 'start', 'a'])).status).toBe(0);
  });

  it('what a witness stopped itself it starts again; a stranger lets nobody go whom a person stopped', async () => {
    mkdirSync(`${town.root}/a/witness`, { recursive: true });
    const witness = { GT_ROLE: 'witness', GT_RIG: 'a', BD_ACTOR: '' };
    await town.gt(['witness', 'stop', 'a'], witness);
    expect((await town.gt(['witness', 'start', 'a'], witness)).status).toBe(0);
    const hold = { target: 'a/witness', kind: 'shutdown', reason: 'x', by: 'ann', since: null, until: null };
    const holds = JSON.stringify({ version: 1, holds: [hold] });
    writeFileSync(`${town.root}/daemon/holds.json`, holds);
    const stranger = { GT_ROLE: 'garbage' };
    expect((await town.gt(['witness', 'start', 'a'], stranger)).status).toBe(0);
    expect(readFileSync(`${town.root}/daemon/holds.json`, 'utf8')).toBe(holds);
    const refused = await town.gt(['down'], stranger);
    expect(refused.status).toBe(77);
    expect(refused.stderr).toContain('next: env -u GT_ROLE gt status');
    expect([...town.livePanes().keys()]).toEqual(['gt-a-witness']);
  });

  it('is a person’s to run after gt down; an agent may where nobody’s stop is undone', async () => {
    mkdirSync(`${town.root}/deacon`, { recursive: true });
    const deacon = { GT_ROLE: 'deacon' };
    expect((await town.gt(['up'], deacon)).status).toBe(0);
    await town.gt(['down', '--reason', 'moving']);
    const refused = await town.gt(['up'], deacon);
    expect(refused.status).toBe(77);
    expect(refused.stderr).toContain(
      'deacon may not end a hold that it did not place: the whole town is held',
    );
    expect(() => town.livePanes()).toThrow('no server running');
    expect((await town.gt(['up'])).status).toBe(0);
    expect(town.livePanes().size).toBe(5);
  });
});
