import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Command, Ran } from '../../src/run.ts';
import { beadsOf } from '../../src/store/beads/open.ts';
import { beadsOverview } from '../../src/store/beads/overview.ts';

const rigs = ['alpha', 'beta', 'gamma', 'delta', 'epsilon'];

/** Time runs out in the middle of a wave only by luck with a real program, hence one that is as slow as it is told to be. */
describe('many stores and little time', () => {
  let root: string;
  let asked: string[];
  let slowMs: number;

  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'gt-hurry-')));
    for (const place of ['.', ...rigs]) mkdirSync(join(root, place, '.beads'), { recursive: true });
    mkdirSync(join(root, 'daemon'));
    const routes = rigs.map((rig) => `${JSON.stringify({ prefix: `${rig}-`, path: rig })}\n`);
    writeFileSync(join(root, '.beads/routes.jsonl'), routes.join(''));
    asked = [];
    slowMs = 0;
  });
  afterEach(() => rmSync(root, { recursive: true }));

  async function run({ args, env, timeoutMs = 0 }: Command): Promise<Ran> {
    const ran = { ok: true, exit: 0, signal: null, stderr: '', failure: null, ms: 0 };
    if (args.includes('version')) return { ...ran, stdout: 'bd version 0.47.1 (dev)' };
    if (args.includes('--help')) return { ...ran, stdout: ' --no-daemon --limit --json ' };
    asked.push(basename(dirname(env.BEADS_DIR ?? '')));
    // A few milliseconds early, as a timer under load may be.
    await pause(Math.max(0, Math.min(slowMs, timeoutMs) - 5));
    if (slowMs <= timeoutMs) return { ...ran, stdout: '[]' };
    return { ...ran, ok: false, exit: null, failure: 'timeout', stdout: '' };
  }
  const look = (now: number) =>
    beadsOverview(beadsOf(root, { now: () => now, env: {}, path: [], run }), { keep: true, budgetMs: 1_000 });
  const health = (): Readonly<Record<string, { trouble: unknown }>> =>
    JSON.parse(readFileSync(join(root, 'daemon/store.json'), 'utf8')).stores;

  it('are not held against those that had none left: they are unheard, not sick, and first the next time', async () => {
    const now = Date.now();
    slowMs = 700;
    const hurried = await look(now);
    expect(hurried).toMatchObject({ known: true, value: { silent: ['delta', 'epsilon'] } });
    expect(Object.values(health()).map(({ trouble }) => trouble)).toEqual([null, null, null, null]);
    asked = [];
    slowMs = 0;
    expect(await look(now + 60_000)).toMatchObject({ known: true, value: { warnings: [] } });
    expect(asked.slice(1, 3)).toEqual(['delta', 'epsilon']);
  });
});
