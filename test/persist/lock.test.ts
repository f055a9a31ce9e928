import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { armFaults, type FaultPoint, faultPoints } from '../../src/persist/fault.ts';
import { sweepLeftovers } from '../../src/persist/leftovers.ts';
import { acquireLock } from '../../src/persist/lock.ts';
import type { Owner } from '../../src/persist/lock-owner.ts';
import { readLockOwner } from '../../src/persist/lock-standing.ts';
import { processTable } from '../../src/persist/process-identity.ts';
import { bundle } from '../rig/bundle.ts';
import { type Contender, contender } from './children.ts';

const since = '2026-11-21T07:25:00.000Z';
const points = Object.keys(faultPoints).filter((name): name is FaultPoint => name.startsWith('lock.'));
const takeOver = points.filter((name) => name !== 'lock.taken');

let root: string;
let script: string;
let directory: string;
let path: string;
const crew: Contender[] = [];

async function hire(count: number): Promise<readonly Contender[]> {
  const hired = await Promise.all(Array.from({ length: count }, () => contender(script)));
  crew.push(...hired);
  return hired;
}

async function hireOne(): Promise<Contender> {
  const [one] = await hire(1);
  if (one === undefined) throw new Error('nobody came');
  return one;
}

function record(changes: Partial<Owner>): Owner {
  return {
    ...processTable().self,
    token: '0123456789ab',
    since,
    user: 'ana',
    command: 'gt tick',
    ...changes,
  };
}

function put(owner: Owner, at = path): void {
  writeFileSync(at, JSON.stringify(owner));
}

/** A pid that is certainly nobody's now. */
async function deadPid(): Promise<number> {
  const child = spawn('true');
  await once(child, 'exit');
  return child.pid ?? 0;
}

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'gt-lock-'));
  script = await bundle(new URL('child.ts', import.meta.url), root);
});
afterAll(async () => {
  await Promise.all(crew.map((one) => one.kill()));
  rmSync(root, { recursive: true, force: true });
});
beforeEach(() => {
  directory = mkdtempSync(join(root, 'town-'));
  path = join(directory, 'tick.lock');
});
afterEach(async () => {
  armFaults(false, {});
  await Promise.all(crew.splice(0).map((one) => one.kill()));
});

describe('the tick lock', { timeout: 60_000 }, () => {
  it('is taken, names its owner, refuses the next one and is gone after release', () => {
    const lock = acquireLock(path, { since });
    expect(lock).toMatchObject({ kind: 'held', recovered: null, owner: { pid: process.pid } });
    const second = acquireLock(path, { since });
    expect(second).toMatchObject({ kind: 'busy', why: 'running', since, owner: { pid: process.pid } });
    expect(second.kind === 'busy' && second.message).toContain(`pid ${process.pid}`);
    const later = acquireLock(path, { since: new Date(Date.parse(since) + 72_000).toISOString() });
    expect(later.kind === 'busy' && later.message).toContain(
      `(pid ${process.pid}), for 1m12s, since ${since}`,
    );
    if (lock.kind === 'held') {
      lock.release();
      lock.release();
    }
    expect(readLockOwner(path)).toEqual({ kind: 'free' });
    expect(readdirSync(directory)).toEqual([]);
  });

  it('makes its directory when that is missing', () => {
    expect(acquireLock(join(directory, 'a/b/tick.lock'), { since }).kind).toBe('held');
  });

  it('release leaves a lock that is no longer ours (F63)', () => {
    const lock = acquireLock(path, { since });
    put(record({ token: 'ffffffffffff' }));
    if (lock.kind === 'held') lock.release();
    expect(readFileSync(path, 'utf8')).toContain('ffffffffffff');
  });

  it('of fifty contenders at once exactly one holds it and the others name it (F62)', {
    timeout: 60_000,
  }, async () => {
    const all = await hire(50);
    const replies = await Promise.all(all.map((one) => one.order({ op: 'acquire', path })));
    const holder = replies.filter((reply) => reply?.kind === 'held');
    expect(holder).toHaveLength(1);
    const busy = replies.filter((reply) => reply?.kind === 'busy');
    expect(busy).toHaveLength(49);
    expect(new Set(busy.map((reply) => reply?.ownerPid))).toEqual(new Set([holder[0]?.ownerPid]));
    expect(readdirSync(directory)).toEqual(['tick.lock']);
  });

  it('goes to the next contender at once when its holder was killed -9 (F63)', async () => {
    const one = await hireOne();
    expect((await one.order({ op: 'acquire', path }))?.kind).toBe('held');
    expect(acquireLock(path, { since }).kind).toBe('busy');
    await one.kill();
    expect(readLockOwner(path)).toMatchObject({ kind: 'dead', owner: { pid: one.pid } });
    expect(acquireLock(path, { since })).toMatchObject({ kind: 'held', recovered: { pid: one.pid } });
    expect(readdirSync(directory)).toEqual(['tick.lock']);
  });

  it('goes to the next contender even while the killed holder is an unreaped zombie', async () => {
    const shell = spawn('sh', ['-c', 'sleep 60 & echo $!; kill -STOP $$'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [line] = await once(shell.stdout, 'data');
    const pid = Number(String(line).trim());
    const found = processTable().startOf(pid);
    put(record({ pid, start: found.kind === 'running' ? found.start : '' }));
    expect(acquireLock(path, { since }).kind).toBe('busy');
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => readLockOwner(path).kind).toBe('dead');
    expect(readFileSync(`/proc/${pid}/stat`, 'utf8')).toContain(') Z ');
    expect(acquireLock(path, { since }).kind).toBe('held');
    shell.kill('SIGKILL');
    shell.kill('SIGCONT');
  });

  it('is not stolen from a holder that was stopped, however old its record is (F63)', async () => {
    const one = await hireOne();
    await one.order({ op: 'acquire', path });
    one.process.kill('SIGSTOP');
    const owner = JSON.parse(readFileSync(path, 'utf8'));
    put({ ...owner, since: '1999-01-01T00:00:00Z' });
    expect(acquireLock(path, { since })).toMatchObject({ kind: 'busy', why: 'running' });
    one.process.kill('SIGCONT');
    expect((await one.order({ op: 'release', path }))?.kind).toBe('released');
    expect(acquireLock(path, { since }).kind).toBe('held');
  });

  it('of twenty contenders for one dead owner never two hold it, whatever delays the take-over meets (F63)', {
    timeout: 120_000,
  }, async () => {
    const all = await hire(20);
    const pid = await deadPid();
    for (let round = 0; round < 120; round += 1) {
      const lock = join(directory, `${round}.lock`);
      const witness = join(directory, `${round}.witness`);
      put(record({ pid, start: '1' }), lock);
      const replies = await Promise.all(
        all.map((one, index) => {
          const point = takeOver[(index + round) % takeOver.length];
          const fault = index % 3 === 0 ? '' : `${point}:1:delay:${(index * 7 + round) % 15}`;
          return one.order({ op: 'acquire', path: lock, witness, fault });
        }),
      );
      expect(replies.filter((reply) => reply?.twice)).toEqual([]);
      expect(replies.filter((reply) => reply?.kind === 'held')).toHaveLength(1);
      expect(replies.filter((reply) => reply?.kind === 'busy')).toHaveLength(19);
    }
  });

  it('never has two holders while twenty contenders take, hold and release it in turn', {
    timeout: 60_000,
  }, async () => {
    const all = await hire(20);
    const witness = join(directory, 'witness');
    let held = 0;
    for (let round = 0; round < 40; round += 1) {
      const replies = await Promise.all(
        all.map((one, index) => one.order({ op: 'acquire', path, witness, dwellMs: (index + round) % 3 })),
      );
      expect(replies.filter((reply) => reply?.twice || reply?.kind === 'failed')).toEqual([]);
      held += replies.filter((reply) => reply?.kind === 'held').length;
    }
    expect(held).toBeGreaterThanOrEqual(40);
  });

  it('survives contenders killed at any point of the take-over, also when the next is killed too', {
    timeout: 120_000,
  }, async () => {
    const pid = await deadPid();
    for (const first of takeOver) {
      for (const second of takeOver) {
        const lock = join(directory, `${first}-${second}.lock`);
        put(record({ pid, start: '1' }), lock);
        const [one, two] = await hire(2);
        expect(await one?.order({ op: 'acquire', path: lock, fault: `${first}:1:kill` })).toBeNull();
        await one?.kill();
        expect(await two?.order({ op: 'acquire', path: lock, fault: `${second}:1:kill` })).toBeNull();
        await two?.kill();
        const third = acquireLock(lock, { since });
        expect(third.kind, `${first} then ${second}`).toBe('held');
        if (third.kind === 'held') third.release();
      }
    }
    expect(readdirSync(directory).filter((name) => name.endsWith('.lock'))).toEqual([]);
    sweepLeftovers(directory, Date.now() + 120_000);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('survives a contender killed right after it took a free lock', async () => {
    const one = await hireOne();
    expect(await one.order({ op: 'acquire', path, fault: 'lock.taken:1:kill' })).toBeNull();
    await one.kill();
    expect(acquireLock(path, { since })).toMatchObject({ kind: 'held', recovered: { pid: one.pid } });
  });

  it('a take-over that fails leaves the way free for the next', async () => {
    put(record({ pid: await deadPid(), start: '1' }));
    armFaults(true, { GT_FAULT: 'lock.confirmed:1:throw:EIO' });
    expect(() => acquireLock(path, { since })).toThrow(
      expect.objectContaining({ exit: 74, code: 'not-saved' }),
    );
    expect(readdirSync(directory)).toEqual(['tick.lock']);
    expect(acquireLock(path, { since }).kind).toBe('held');
  });
});

describe('the owner of a lock', { timeout: 60_000 }, () => {
  const { self } = processTable();

  it('is dead when its pid now belongs to a process that started at another time', () => {
    put(record({ start: `${Number(self.start) - 1}` }));
    expect(acquireLock(path, { since }).kind).toBe('held');
  });

  it('is dead after a reboot, even when its pid is alive again', () => {
    put(record({ boot: '00000000-0000-0000-0000-000000000000' }));
    expect(acquireLock(path, { since }).kind).toBe('held');
  });

  it('on another host is never judged', async () => {
    put(record({ host: 'elsewhere', boot: 'another', pid: await deadPid() }));
    const lock = acquireLock(path, { since });
    expect(lock).toMatchObject({ kind: 'busy', why: 'elsewhere' });
    expect(lock.kind === 'busy' && lock.message).toContain(`rm ${path}`);
  });

  it('in another pid namespace of this boot is never judged', async () => {
    put(record({ space: 'pid:[1]', pid: await deadPid() }));
    expect(acquireLock(path, { since })).toMatchObject({ kind: 'busy', why: 'unsure' });
  });

  it('is still known on the same boot when the host was renamed', async () => {
    put(record({ host: 'old-name', pid: await deadPid() }));
    expect(acquireLock(path, { since }).kind).toBe('held');
  });

  it('without a start time is dead only when no process has its pid', async () => {
    const blind = {
      self: { ...self, boot: '', space: '', start: '' },
      startOf: () => ({ kind: 'unknown' }) as const,
    };
    put(record({ ...blind.self, pid: 4242 }));
    expect(acquireLock(path, { since, processes: blind })).toMatchObject({ kind: 'busy', why: 'unsure' });
    const gone = { ...blind, startOf: () => ({ kind: 'gone' }) as const };
    expect(acquireLock(path, { since, processes: gone }).kind).toBe('held');
  });
});

describe('a lock file that names nobody', { timeout: 60_000 }, () => {
  const contents: Record<string, (path: string) => void> = {
    garbage: (at) => writeFileSync(at, '\u0000\u0001{]'),
    'JSON of something else': (at) => writeFileSync(at, '{"pid":1}'),
    'a hostile token': (at) => writeFileSync(at, JSON.stringify(record({ token: '../../../../x' }))),
    'pid zero': (at) => writeFileSync(at, JSON.stringify(record({ pid: 0 }))),
    'a negative pid': (at) => writeFileSync(at, JSON.stringify(record({ pid: -1 }))),
    null: (at) => writeFileSync(at, 'null'),
    huge: (at) => writeFileSync(at, 'x'.repeat(10_000_000)),
    'a directory': (at) => mkdirSync(at),
    'a link to itself': (at) => symlinkSync(at, at),
    'a link to nothing': (at) => symlinkSync('/nowhere/at/all', at),
  };
  for (const [name, make] of Object.entries(contents)) {
    it(`(${name}) is busy, with words and the way to clear it`, () => {
      make(path);
      const lock = acquireLock(path, { since });
      expect(lock).toMatchObject({ kind: 'busy', why: 'damaged', owner: null });
      expect(lock.kind === 'busy' && lock.message).toContain(`rm ${path}`);
      expect(readLockOwner(path)).toMatchObject({ kind: 'busy', why: 'damaged' });
      expect(readdirSync(directory)).toEqual(['tick.lock']);
    });
  }
});

describe('a lock with nothing in it', { timeout: 60_000 }, () => {
  const table = processTable();
  const rebooted = { ...table, bootedAt: () => Date.now() + 60_000 };

  it.each([
    ['empty', ''],
    ['of zero bytes', '\u0000'.repeat(300)],
  ])('(%s) is nobody’s once the machine has been started since', (_, content) => {
    writeFileSync(path, content);
    expect(readLockOwner(path, rebooted)).toMatchObject({ kind: 'dead', owner: { pid: 0 } });
    const lock = acquireLock(path, { since, processes: rebooted });
    expect(lock).toMatchObject({ kind: 'held', owner: { pid: process.pid }, recovered: { pid: 0 } });
    expect(readdirSync(directory)).toEqual(['tick.lock']);
    if (lock.kind === 'held') lock.release();
    expect(readdirSync(directory)).toEqual([]);
  });

  it('is somebody’s who may live when it is younger, and the way to clear it is named', () => {
    writeFileSync(path, '');
    const lock = acquireLock(path, { since });
    expect(lock).toMatchObject({ kind: 'busy', why: 'blank', owner: null });
    expect(lock.kind === 'busy' && lock.message).toContain('gt doctor --fix');
    expect(readdirSync(directory)).toEqual(['tick.lock']);
    expect(acquireLock(path, { since, anyBlank: true }).kind).toBe('held');
  });

  it('is left where its successor died on the way, and succeeded with it', async () => {
    writeFileSync(path, '');
    const token = statSync(path).ino.toString(16).padStart(12, '0').slice(-12);
    put(record({ pid: await deadPid() }), `${path}.after-${token}`);
    const lock = acquireLock(path, { since, processes: rebooted });
    expect(lock).toMatchObject({ kind: 'held', owner: { pid: process.pid } });
    expect(readdirSync(directory)).toEqual(['tick.lock']);
  });

  it('has one successor, however many ask: whoever was second meets the first', () => {
    writeFileSync(path, '');
    const taken = Array.from({ length: 20 }, () => acquireLock(path, { since, processes: rebooted }));
    expect(taken.filter(({ kind }) => kind === 'held')).toHaveLength(1);
    expect(taken.slice(1).every((lock) => lock.kind === 'busy' && lock.why === 'running')).toBe(true);
  });
});
