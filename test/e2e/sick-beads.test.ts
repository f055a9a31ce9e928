import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readClock } from '../../src/observe/clock.ts';
import { type Bd, builtBd, runBd, withoutBd } from '../rig/bd.ts';
import type { BdShim } from '../rig/bd-shim.ts';
import { copyStore } from '../rig/beads-town.ts';
import type { Report, TestTown } from '../rig/town.ts';
import { lives, until } from '../rig/until.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

const version = '0.47.1';
const bd = builtBd(version);
if (bd === null) {
  describe.skip(`a town whose bd is sick ${withoutBd(version)}`, () => it('does no harm', () => undefined));
} else {
  process.env.GT_TEST_STORE = `beads-${version}`;
  await tell(bd);
}

/** A real town on a real tmux whose `bd` falls ill and recovers, again and again (F23, F64, F67, F68). */
async function tell(real: Bd): Promise<void> {
  const { clockEnv, testTown } = await import('../rig/town.ts');
  const { hooked } = await import('../rig/stored.ts');

  describe('a town whose bd is sick', () => {
    const clock = readClock({ env: {} }, { testMarker: '/nonexistent' });
    const listing = ' list --json';
    const agents = ['gt-deacon', 'gt-proj-witness', 'gt-proj-toast'];
    let town: TestTown;
    let sick: BdShim;
    let hours = 0;

    /** So many minutes into the hours of one sickness. */
    const minute = (n: number) => clockEnv(clock, hours * 3_600_000 + n * 60_000);
    const at = (n: number) => town.tick(minute(n));
    /** What a pass did to agents, besides reminding them. */
    const deeds = ({ actions }: Report) =>
      actions.filter(({ kind }) => kind !== 'nudge').map(({ id, why }) => `${id} ${why}`);
    /** What the person was told of this condition since a sickness began. */
    const told = (condition: string): readonly string[] =>
      readdirSync(join(town.dir, 'notices'))
        .map((name): Record<string, unknown> => Object(town.read(`../notices/${name}`)))
        .filter((notice) => notice.condition === condition)
        .map(({ notice }) => String(notice))
        .sort();
    const kill = async (session: string) => {
      process.kill(town.paneOf(session).pid, 'SIGKILL');
      await until('tmux to notice', () => town.paneOf(session).dead);
    };
    /** Three hours after the last sickness, all well again. */
    const begin = async () => {
      hours += 3;
      rmSync(join(town.dir, 'notices'), { recursive: true, force: true });
      mkdirSync(join(town.dir, 'notices'));
      for (const n of [-10, -5, 0]) await at(n);
      expect([...town.livePanes().keys()].sort()).toEqual([...agents].sort());
      return town.livePanes();
    };

    beforeAll(async () => {
      town = await testTown(['proj']);
      if (town.bd === null) throw new Error('this town keeps its mail in files');
      sick = town.bd;
      const script = join(town.dir, 'notify');
      writeFileSync(script, `#!/bin/sh\nexec /bin/cat > ${town.dir}/notices/$$.json\n`, { mode: 0o755 });
      town.settings((all) => {
        const tick = typeof all.tick === 'object' ? all.tick : {};
        all.tick = { ...tick, alerts: { mail: false, command: [script] }, budgets: { pass: '9s' } };
      });
      mkdirSync(join(town.root, 'proj/polecats/toast'), { recursive: true });
      await hooked(town, 'proj/polecats/toast', 7_200_000);
      // Nobody had looked before: the polecat could still be in the making.
      for (const n of [-6, 0, 1]) await at(n);
      await town.ready(...agents);
    });
    afterAll(() => town.close());

    it.each(['fork', 'locked', 'garbage', 'null'] as const)(
      '(%s) is looked at, and no more: nobody is ended or started, one notice in and one out',
      async (sickness) => {
        const alive = await begin();
        sick.be(sickness, listing);
        const passes = [await at(5), await at(10), await at(15), await at(18)];
        expect(passes.flatMap(deeds)).toEqual([]);
        expect(town.livePanes()).toEqual(alive);
        expect(passes.map(({ status, agents: { alive: count } }) => [status, count])).toEqual(
          passes.map(() => [69, 3]),
        );
        expect(passes.map(({ bds }) => bds)).toEqual([1, 1, 1, 0]);
        expect(told('town-unseen')).toEqual(['opened']);
        const status = await town.gt(['status'], minute(18));
        expect(status.stdout).toMatch(/alive +3: deacon, proj\/witness, proj\/polecats\/toast/);
        expect(status.stdout).toContain('The town’s store has not answered since');
        expect(status.stdout).toContain('stands in for it');
        expect(status.status).toBe(1);
        // Whoever only wants to read waits longer for one that hangs than a test should.
        if (sickness !== 'fork') {
          const inbox = await town.gt(['mail', 'inbox', 'mayor/'], { ...minute(18), GT_ROLE: 'mayor' });
          expect([inbox.status, inbox.stdout]).toEqual([69, '']);
        }
        sick.be('well');
        for (const n of [21, 30, 35]) expect(deeds(await at(n))).toEqual([]);
        expect(told('town-unseen')).toEqual(['opened', 'recovered']);
        expect(town.livePanes()).toEqual(alive);
        expect(sick.children().filter(lives)).toEqual([]);
      },
    );

    it('(slow) is waited for', async () => {
      const alive = await begin();
      sick.be('slow', listing);
      expect(await at(5)).toMatchObject({ status: 0, warnings: [] });
      sick.be('well');
      expect(told('town-unseen')).toEqual([]);
      expect(town.livePanes()).toEqual(alive);
    });

    it('has its dead witness brought back all the same; a polecat waits until its work is known (F23)', async () => {
      await begin();
      sick.be('locked', listing);
      await at(5);
      await kill('gt-proj-witness');
      await kill('gt-proj-toast');
      expect(deeds(await at(10))).toEqual(['recreate:proj/witness pane-dead']);
      expect(deeds(await at(15))).toEqual([]);
      sick.be('well');
      await until('the polecat to be back', async () => {
        await at(60);
        return town.livePanes().has('gt-proj-toast');
      });
    });

    it('in one rig only is told of once, and the rest of the town goes on (F64)', async () => {
      const rig = join(town.root, 'proj');
      copyStore(real, 'pr', rig);
      appendFileSync(join(town.root, '.beads/routes.jsonl'), '{"prefix":"pr-","path":"proj"}\n');
      const id = runBd(rig, ['create', 'work', '--silent'], town.env).trim();
      runBd(rig, ['update', id, '--status=hooked', '--assignee=proj/polecats/toast'], town.env);
      const alive = await begin();
      sick.be('fork', listing, join(rig, '.beads'));
      const passes = [await at(5), await at(10)];
      expect(passes.flatMap(deeds)).toEqual([]);
      expect(passes.map(({ status, bds }) => [status, bds])).toEqual([
        [1, 2],
        [1, 2],
      ]);
      expect([told('stores-silent'), told('town-unseen')]).toEqual([['opened'], []]);
      expect((await town.gt(['status'], minute(10))).stdout).toContain(
        'The store of rig proj has not answered',
      );
      sick.be('well');
      for (const n of [45, 50, 55]) await at(n);
      expect(told('stores-silent')).toEqual(['opened', 'recovered']);
      expect(town.livePanes()).toEqual(alive);
      expect(sick.children().filter(lives)).toEqual([]);
    });

    it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
      'leaves nothing of itself behind when a command that waits for it is ended: %s (F64)',
      async (signal) => {
        sick.be('fork', listing);
        const before = sick.children().length;
        const command = town.start(['mail', 'inbox', 'mayor/']);
        const child = await until('bd to hang', () => sick.children()[before]);
        const leader = Number(/\) \S \d+ (\d+)/.exec(readFileSync(`/proc/${child}/stat`, 'utf8'))?.[1]);
        expect([lives(child), lives(leader)]).toEqual([true, true]);
        process.kill(command.pid, signal);
        expect((await command.ended).signal).toBe(signal);
        await until('bd and its child to end', () => !lives(child) && !lives(leader));
        sick.be('well');
      },
    );
  });
}
