import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openBeads } from '../../src/store/beads/open.ts';
import { valueIn } from '../contract/store-contract.ts';
import { type Bd, builtBd, runBd, withoutBd } from '../rig/bd.ts';
import { type BeadsTown, beadsTown } from '../rig/beads-town.ts';

/** GT_BEADS_KILLS=100 runs the long form. */
const kills = Number(process.env.GT_BEADS_KILLS ?? 8);
vi.setConfig({ testTimeout: 120_000 + kills * 5_000, hookTimeout: 60_000 });

const version = '0.47.1';
const bd = builtBd(version);

describe.skipIf(bd === null)(`mail in beads${bd === null ? ` ${withoutBd(version)}` : ''}`, () => {
  const real: Bd = bd ?? { version, dir: '' };
  const scratch = mkdtempSync(join(tmpdir(), 'gt-mail-'));
  const script = join(scratch, 'mail-process.cjs');
  let town: BeadsTown;
  let env: Record<string, string>;
  const children = new Set<ChildProcess>();
  const towns: BeadsTown[] = [];

  beforeAll(async () => {
    const build = await rolldown({
      input: fileURLToPath(new URL('mail-process.ts', import.meta.url)),
      platform: 'node',
      checks: { emptyImportMeta: false },
    });
    await build.write({
      dir: scratch,
      format: 'cjs',
      entryFileNames: '[name].cjs',
    });
    await build.close();
  });
  beforeEach(() => {
    town = beadsTown(real);
    towns.push(town);
    env = { ...town.env, GT_TEST_STORE: 'beads' };
  });
  afterAll(() => {
    for (const child of children) child.kill('SIGKILL');
    for (const one of towns) one.remove();
    rmSync(scratch, { recursive: true });
  });

  function run(args: readonly string[], fault = '') {
    const ran = spawnSync(process.execPath, [script, ...args], {
      env: { ...env, GT_FAULT: fault },
      encoding: 'utf8',
      timeout: 110_000,
    });
    return { signal: ran.signal, ids: linesOf(ran.stdout), stderr: ran.stderr };
  }

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
      const effects = join(scratch, `effects-${point}`);
      const stop = join(scratch, 'stop');
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
    const effects = join(scratch, 'effects');
    const stop = join(scratch, 'stop-storm');
    writeFileSync(effects, '');
    const acknowledged: string[] = [];
    let restarting = true;
    const start = (args: readonly string[], again: boolean): Promise<void> => {
      const child = spawn(process.execPath, [script, ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] });
      children.add(child);
      let out = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        out += text;
      });
      return new Promise((resolve) => {
        child.on('close', () => {
          children.delete(child);
          acknowledged.push(...linesOf(out.slice(0, out.lastIndexOf('\n') + 1)));
          resolve(again && restarting ? start(args, again) : undefined);
        });
      });
    };
    const processing = [0, 1].map(() => start(['process', town.root, effects, stop], true));
    const sending = [0, 1].map(() => start(['send', town.root, '1000000'], true));
    for (let kill = 0; kill < kills; kill += 1) {
      await new Promise((resolve) => setTimeout(resolve, 400 + Math.random() * 1200));
      const alive = [...children];
      alive[Math.floor(Math.random() * alive.length)]?.kill('SIGKILL');
    }
    restarting = false;
    for (const child of children) child.kill('SIGKILL');
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

function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}
