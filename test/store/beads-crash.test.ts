import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openBeads } from '../../src/store/beads/open.ts';
import { valueIn } from '../contract/store-contract.ts';
import { type Bd, builtBd, runBd, withoutBd } from '../rig/bd.ts';
import { type BeadsTown, beadsTown } from '../rig/beads-town.ts';
import { scratch } from '../town/scratch.ts';
import { linesOf, mailProcesses } from './mail-processes.ts';

/** GT_BEADS_KILLS=100 runs the long form. */
const kills = Number(process.env.GT_BEADS_KILLS ?? 8);
vi.setConfig({ testTimeout: 120_000 + kills * 5_000, hookTimeout: 60_000 });

const version = '0.47.1';
const bd = builtBd(version);
const mail = await mailProcesses(110_000);

describe.skipIf(bd === null)(`mail in beads${bd === null ? ` ${withoutBd(version)}` : ''}`, () => {
  const real: Bd = bd ?? { version, dir: '' };
  let town: BeadsTown;
  let env: Record<string, string>;
  let around = '';
  const towns: BeadsTown[] = [];

  beforeEach(() => {
    town = beadsTown(real);
    towns.push(town);
    env = { ...town.env, GT_TEST_STORE: 'beads' };
    around = scratch();
  });
  afterAll(() => {
    for (const one of towns) one.remove();
  });

  const run = (args: readonly string[], fault = '') => mail.run(args, env, fault);

  /** Every message as `bd` itself has it. */
  function places(): readonly { readonly id: string; readonly status: string }[] {
    const listed: { id: string; status: string }[] = JSON.parse(
      runBd(town.root, ['list', '--all', '--json', '--limit', '0'], town.env),
    );
    return listed.map(({ id, status }) => ({ id, status }));
  }

  it.each(['mail.claimed', 'mail.settled'])(
    'is carried out at most once by a processor killed at %s, and lost never',
    async (point) => {
      const effects = join(around, `effects-${point}`);
      const stop = join(around, 'stop');
      writeFileSync(effects, '');
      writeFileSync(stop, '');
      const [id] = run(['send', town.root, '1']).ids;
      expect(run(['process', town.root, effects, stop], `${point}:1:kill`).signal).toBe('SIGKILL');
      for (let pass = 0; pass < 2; pass += 1)
        expect(run(['process', town.root, effects, stop])).toMatchObject({ signal: null, stderr: '' });
      expect(places()).toEqual([{ id, status: 'closed' }]);
      const { mail } = openBeads(town.root, { now: Date.now, env: town.env });
      expect(valueIn(await mail.claimed()).items).toEqual([]);
      expect(linesOf(readFileSync(effects, 'utf8'))).toEqual(point === 'mail.claimed' ? [] : [id]);
    },
  );

  it(`of two senders is carried out once by two processors, over ${kills} random kills`, async () => {
    const effects = join(around, 'effects');
    const stop = join(around, 'stop-storm');
    writeFileSync(effects, '');
    const acknowledged: string[] = [];
    let restarting = true;
    const start = (args: readonly string[]): Promise<void> =>
      mail.start(args, env).printed.then((ids) => {
        acknowledged.push(...ids);
        return restarting ? start(args) : undefined;
      });
    const processing = [0, 1].map(() => start(['process', town.root, effects, stop]));
    const sending = [0, 1].map(() => start(['send', town.root, '1000000']));
    for (let kill = 0; kill < kills; kill += 1) {
      await new Promise((resolve) => setTimeout(resolve, 400 + Math.random() * 1200));
      const alive = [...mail.running];
      alive[Math.floor(Math.random() * alive.length)]?.kill('SIGKILL');
    }
    restarting = false;
    for (const child of mail.running) child.kill('SIGKILL');
    await Promise.all([...sending, ...processing]);
    writeFileSync(stop, '');
    expect(run(['process', town.root, effects, stop])).toMatchObject({ signal: null, stderr: '' });

    const found = places();
    expect(found.filter(({ status }) => status !== 'closed')).toEqual([]);
    const ids = new Set(found.map(({ id }) => id));
    expect(acknowledged.filter((id) => !ids.has(id))).toEqual([]);
    const performed = linesOf(readFileSync(effects, 'utf8'));
    expect(new Set(performed).size).toBe(performed.length);
    expect(performed.length).toBeGreaterThan(0);
  });
});
