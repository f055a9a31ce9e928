import type { ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { faultPoints } from '../../src/persist/fault.ts';
import { openFiles } from '../../src/store/files/open.ts';
import { valueIn } from '../contract/store-contract.ts';
import { cleanEnv } from '../rig/clean-env.ts';
import { scratch } from '../town/scratch.ts';
import { linesOf, mailProcesses } from './mail-processes.ts';

/** GT_KILLS=1000 runs the long form. */
const kills = Number(process.env.GT_KILLS ?? 40);

const mail = await mailProcesses(20_000);
const runMail = (args: readonly string[], fault = '') => mail.run(args, cleanEnv(), fault);
let root = '';
let around = '';
beforeEach(() => {
  around = scratch();
  root = join(around, 'town');
});

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
      const effects = join(around, `effects-${point}`);
      const stop = join(around, 'stop');
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
    const effects = join(around, 'effects');
    const stop = join(around, 'stop-storm');
    const acknowledged: string[] = [];
    const alive = new Map<number, ChildProcess>();
    const ended: Promise<unknown>[] = [];
    let restarting = true;

    function start(slot: number): void {
      const args = slot < 10 ? ['send', root, '1000000'] : ['process', root, effects, stop];
      const { child, printed } = mail.start(args, cleanEnv());
      ended.push(
        printed.then((ids) => {
          acknowledged.push(...ids);
          if (restarting) start(slot);
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
