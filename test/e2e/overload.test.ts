import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TestTown, testTown } from '../rig/town.ts';

let town: TestTown;
beforeEach(async () => {
  town = await testTown(['proj', 'web']);
});
afterEach(() => town.close());

/** More than any machine has, or nothing. */
const limit = (least: string) =>
  town.settings((all) => {
    const tick = typeof all.tick === 'object' ? all.tick : {};
    all.tick = { ...tick, machine: { min_free_memory: least } };
  });

describe('F79: a cold start on a machine without memory to spare', () => {
  it('brings the deacon back and nobody else, says so everywhere, and goes on when there is room', async () => {
    limit('999999GB');
    const told = (report: Awaited<ReturnType<TestTown['tick']>>) => [
      report.actions.map(({ id }) => id),
      report.notes.filter(({ rule }) => rule === 'overload').map(({ agent, why }) => `${agent} ${why}`),
      report.warnings.map(({ code }) => code),
    ];
    const expected = [
      ['start:deacon'],
      ['proj/witness overloaded', 'web/witness overloaded'],
      ['overloaded'],
    ];
    const planned = await town.tick({}, ['--dry-run']);
    const done = await town.tick();
    expect([told(planned), told(done)]).toEqual([expected, expected]);
    expect([...town.livePanes().keys()]).toEqual(['gt-deacon']);
    expect(done.interval_seconds).toBe(60);

    expect((await town.gt(['tick', '--dry-run', '--force'])).stdout).toMatch(
      /proj\/witness +it waits until the machine is less busy +free memory \d+ MB, min free memory \d+ MB, postponed start/,
    );
    expect((await town.gt(['status'])).stdout).toContain('The machine is overloaded: ');
    expect((await town.gt(['why', 'proj/witness'])).stdout).toContain(
      'it waits until the machine is less busy',
    );
    expect((await town.gt(['replay', 'last'])).status).toBe(0);

    limit('off');
    expect((await town.tick()).actions.map(({ id }) => id)).toEqual([
      'start:proj/witness',
      'start:web/witness',
    ]);
    expect((await town.gt(['log', 'proj/witness'])).stdout).toMatch(
      /it waits until the machine is less busy\.[\s\S]*no longer: it waits until the machine is less busy\./,
    );
  });
});
