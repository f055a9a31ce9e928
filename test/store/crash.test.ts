import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { faultPoints } from '../../src/persist/fault.ts';
import { openFiles } from '../../src/store/files/open.ts';
import { valueIn } from '../contract/store-contract.ts';

/** GT_KILLS=1000 runs the long form. */
const kills = Number(process.env.GT_KILLS ?? 40);

const scratch = mkdtempSync(join(tmpdir(), 'gt-mail-'));
const script = join(scratch, 'mail-process.cjs');
let root = '';
let towns = 0;

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
  towns += 1;
  root = join(scratch, `town-${towns}`);
});
const children = new Set<ChildProcess>();
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(scratch, { recursive: true });
});

const { NODE_EXTRA_CA_CERTS: _certs, NODE_OPTIONS: _options, ...env } = process.env;

function runMail(
  args: readonly string[],
  fault = '',
): {
  readonly signal: string | null;
  readonly ids: readonly string[];
  readonly stderr: string;
} {
  const ran = spawnSync(process.execPath, [script, ...args], {
    env: { ...env, GT_FAULT: fault },
    encoding: 'utf8',
    timeout: 20_000,
  });
  return { signal: ran.signal, ids: linesOf(ran.stdout), stderr: ran.stderr };
}

function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}

/** Where every message lies: one entry for each file, whatever its directory. */
function places(): readonly { readonly id: string; readonly stage: string }[] {
  return ['new', 'claimed', 'done'].flatMap((stage) => {
    const dir = join(root, 'mail/deacon', stage);
    const files = existsSync(dir) ? readdirSync(dir).filter((file) => file.endsWith('.json')) : [];
    return files.map((file) => ({ id: file.replace(/[.~].*$/, ''), stage }));
  });
}

const points = Object.keys(faultPoints).filter((point) => point.startsWith('mail.'));
const senderPoints = points.filter((point) =>
  ['mail.opened-box', 'mail.delivered-tmp', 'mail.delivered'].includes(point),
);
const processorPoints = points.filter((point) =>
  ['mail.claimed', 'mail.outcome-written', 'mail.settled'].includes(point),
);

describe('a sender killed', () => {
  it.each(senderPoints)(
    'at %s leaves a whole message or none, and nothing of it in the way',
    async (point) => {
      const sent = runMail(['send', root, '1'], `${point}:1:kill`);
      expect(sent).toEqual({ signal: 'SIGKILL', ids: [], stderr: '' });
      const store = openFiles(root, { now: Date.now });
      const left = valueIn(await store.mail.inbox('deacon'));
      expect(left.warnings).toEqual([]);
      expect(left.items).toHaveLength(point === 'mail.delivered' ? 1 : 0);
      expect(runMail(['send', root, '2']).ids).toHaveLength(2);
      expect(valueIn(await store.mail.count('deacon'))).toBe(left.items.length + 2);
    },
  );

  it('whose disk is full says so, and leaves nothing', async () => {
    const sent = runMail(['send', root, '1'], 'mail.delivered-tmp:1:throw:ENOSPC');
    expect(sent.ids).toEqual([]);
    expect(sent.stderr).toContain('could not be delivered');
    expect(places()).toEqual([]);
  });
});

describe('a processor killed', () => {
  it.each(processorPoints)(
    'at %s: the request is carried out at most once, and lost never',
    async (point) => {
      const effects = join(scratch, `effects-${point}`);
      const stop = join(scratch, 'stop');
      writeFileSync(stop, '');
      const [id] = runMail(['send', root, '1']).ids;
      expect(runMail(['process', root, effects, stop], `${point}:1:kill`).signal).toBe('SIGKILL');
      expect(places().map((place) => place.id)).toEqual([id]);
      for (let pass = 0; pass < 5; pass += 1)
        expect(runMail(['process', root, effects, stop])).toMatchObject({
          signal: null,
          stderr: '',
        });
      expect(places()).toEqual([{ id, stage: 'done' }]);
      const performed = existsSync(effects) ? linesOf(readFileSync(effects, 'utf8')) : [];
      expect(performed).toEqual(point === 'mail.claimed' ? [] : [id]);
    },
  );
});

describe('whoever is killed', () => {
  it('at mail.retired leaves the message settled, without its reason', async () => {
    const [id = ''] = runMail(['send', root, '1']).ids;
    expect(runMail(['settle', root, id], 'mail.retired:1:kill').signal).toBe('SIGKILL');
    expect(places()).toEqual([{ id, stage: 'done' }]);
    const { mail } = openFiles(root, { now: Date.now });
    expect(valueIn(await mail.find(id))).toMatchObject({
      held: { state: { is: 'settled', settlement: null } },
    });
    expect(valueIn(await mail.settle(id, { outcome: 'read', by: 'test', reason: null }))).toEqual({
      kind: 'already',
      settlement: null,
    });
  });

  it('at mail.released leaves the message waiting', () => {
    const [id = ''] = runMail(['send', root, '1']).ids;
    expect(runMail(['release', root, id], 'mail.released:1:kill').signal).toBe('SIGKILL');
    expect(places()).toEqual([{ id, stage: 'new' }]);
  });
});

it('every fault point of mail is swept here', () => {
  expect([...senderPoints, ...processorPoints, 'mail.retired', 'mail.released'].sort()).toEqual(
    [...points].sort(),
  );
});

describe('ten senders and two processors', () => {
  it(`lose no message and carry out none twice, over ${kills} random kills`, {
    timeout: 60_000 + kills * 400,
  }, async () => {
    const effects = join(scratch, 'effects');
    const stop = join(scratch, 'stop-storm');
    const acknowledged: string[] = [];
    const alive = new Map<number, ChildProcess>();
    const ended: Promise<unknown>[] = [];
    let restarting = true;

    function start(slot: number): void {
      const args = slot < 10 ? ['send', root, '1000000'] : ['process', root, effects, stop];
      const child = spawn(process.execPath, [script, ...args], {
        env,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      children.add(child);
      let out = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        out += text;
      });
      ended.push(
        new Promise<void>((resolve) => {
          child.on('close', () => {
            children.delete(child);
            acknowledged.push(...linesOf(out.slice(0, out.lastIndexOf('\n') + 1)));
            if (restarting) start(slot);
            resolve();
          });
        }),
      );
      alive.set(slot, child);
    }

    for (let slot = 0; slot < 12; slot += 1) start(slot);
    for (let kill = 0; kill < kills; kill += 1) {
      await new Promise((resolve) => setTimeout(resolve, 10 + Math.random() * 60));
      alive.get(Math.floor(Math.random() * 12))?.kill('SIGKILL');
    }
    restarting = false;
    for (const [slot, child] of alive) if (slot < 10) child.kill('SIGKILL');
    writeFileSync(stop, '');
    await Promise.all(ended);
    runMail(['process', root, effects, stop]);

    const found = places();
    expect(found.filter(({ stage }) => stage !== 'done')).toEqual([]);
    expect(new Set(found.map(({ id }) => id)).size).toBe(found.length);
    const ids = new Set(found.map(({ id }) => id));
    expect(acknowledged.filter((id) => !ids.has(id))).toEqual([]);
    const performed = linesOf(readFileSync(effects, 'utf8'));
    expect(new Set(performed).size).toBe(performed.length);
    expect(performed.filter((id) => !ids.has(id))).toEqual([]);
    expect(acknowledged.length).toBeGreaterThan(kills / 10);
  });
});
