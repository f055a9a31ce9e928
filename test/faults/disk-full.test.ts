import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import writeFileAtomic from 'write-file-atomic';
import { Failure } from '../../src/exit.ts';
import { writeJson } from '../../src/persist/json.ts';
import { acquireLock } from '../../src/persist/lock.ts';
import { makeDir } from '../../src/store/files/disk.ts';

/** A real file system of one MiB, filled up to leave any wanted number of 4 KiB pages. Only root may mount one. */
const directory = mkdtempSync(join(tmpdir(), 'gt-full-'));
const mounted = mount();
const page = 4096;
const old = { version: 'old', text: 'o'.repeat(10_000) };
const next = { version: 'new', text: 'n'.repeat(30_000) };
const path = join(directory, 'state.json');

function mount(): boolean {
  if (process.getuid?.() !== 0) return false;
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', directory], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Everything gone but a good old version, and so many pages free. */
function prepare(freePages: number): void {
  for (const name of readdirSync(directory)) unlinkSync(join(directory, name));
  writeFileSync(path, `${JSON.stringify(old, null, 2)}\n`);
  const filler = join(directory, 'filler');
  const used = Math.ceil(statSync(path).size / page);
  const pages = (1024 * 1024) / page - used - freePages;
  writeFileSync(filler, Buffer.alloc(pages * page));
}

function readBack(): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return 'torn';
  }
}

const freeSizes = Array.from({ length: 13 }, (_, index) => index);

describe.skipIf(!mounted)('a nearly full disk (skipped: needs root to mount a small tmpfs)', () => {
  beforeAll(() => prepare(0));
  afterAll(() => {
    execFileSync('umount', [directory]);
    rmSync(directory, { recursive: true, force: true });
  });

  it('makes plain write-file-atomic report success and leave a torn file in place of the good one', () => {
    const torn = freeSizes.filter((free) => {
      prepare(free);
      try {
        writeFileAtomic.sync(path, `${JSON.stringify(next, null, 2)}\n`);
      } catch {
        return false;
      }
      return readBack() === 'torn';
    });
    expect(torn.length).toBeGreaterThan(0);
  });

  it.each([false, true])('never costs the old version when we write (backup: %s)', (backup) => {
    const saved: number[] = [];
    for (const free of freeSizes) {
      prepare(free);
      try {
        writeJson(path, next, { backup });
        saved.push(free);
        expect(readBack()).toEqual(next);
      } catch (error) {
        expect(error instanceof Failure && [error.code, error.exit]).toEqual(['not-saved', 74]);
        expect(readBack(), `${free} pages free`).toEqual(old);
        expect(readdirSync(directory).filter((name) => name.includes('.next-'))).toEqual([]);
      }
    }
    expect(saved).toEqual(freeSizes.filter((free) => free >= 8));
  });

  it('never leaves a lock that names nobody', () => {
    prepare(0);
    expect(() => acquireLock(join(directory, 'tick.lock'), { since: '' })).toThrow(
      expect.objectContaining({ code: 'not-saved', exit: 74 }),
    );
    expect(readdirSync(directory).sort()).toEqual(['filler', 'state.json']);
  });

  it('that is read-only exits 74', () => {
    prepare(20);
    execFileSync('mount', ['-o', 'remount,ro', directory]);
    try {
      expect(() => writeJson(path, next)).toThrow(expect.objectContaining({ code: 'not-saved', exit: 74 }));
      expect(readBack()).toEqual(old);
      expect(() => makeDir(join(directory, 'mail/mayor/new'))).toThrow('EROFS');
    } finally {
      execFileSync('mount', ['-o', 'remount,rw', directory]);
    }
  });
});
