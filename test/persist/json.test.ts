import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import * as v from 'valibot';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { armFaults } from '../../src/persist/fault.ts';
import { readAs, readJson, writeJson } from '../../src/persist/json.ts';
import { sweepLeftovers } from '../../src/persist/leftovers.ts';
import { scratch } from '../town/scratch.ts';
import { asNobody, bundledRoom, canBecomeNobody } from './unprivileged.ts';

let module: string;
let directory: string;
let path: string;

beforeAll(async () => {
  module = await bundledRoom();
});
beforeEach(() => {
  directory = scratch();
  path = join(directory, 'state.json');
});
afterEach(() => armFaults(false, {}));

describe('reading JSON', { timeout: 60_000 }, () => {
  it('takes only a missing file for absent', () => {
    expect(readJson(path)).toEqual({ kind: 'absent' });
    expect(readJson(join(directory, 'no/such/directory'))).toEqual({ kind: 'absent' });
    writeFileSync(path, '1');
    expect(readJson(join(path, 'below'))).toMatchObject({ kind: 'unreadable', code: 'ENOTDIR' });
  });

  it('gives the value and the size', () => {
    writeFileSync(path, '{"ä":[1]}');
    expect(readJson(path)).toEqual({ kind: 'ok', value: { ä: [1] }, bytes: 10 });
  });

  it.each<[string, string | Buffer, RegExp]>([
    ['an empty file', '', /empty/],
    ['a byte order mark', '\ufeff{}', /byte order mark/],
    ['a torn file', '{"a":', /not JSON/],
    ['a zero-filled tail', `{"a":1}${'\0'.repeat(100)}`, /not JSON/],
    ['bytes that are no text', Buffer.from([0x22, 0xff, 0xfe, 0x22]), /UTF-8/],
    ['two documents', '{}{}', /not JSON/],
    ['ten megabytes of brackets', '['.repeat(10_000_000), /nested too deeply/],
    ['more than 32 MiB', Buffer.alloc(32 * 1024 * 1024 + 1, ' '), /32 MiB/],
  ])('calls %s invalid, in words', (_, content, reason) => {
    writeFileSync(path, content);
    expect(readJson(path)).toEqual({ kind: 'invalid', reason: expect.stringMatching(reason) });
  });

  it('calls a directory, a pipe, a loop and a link to nothing unreadable, and never waits', () => {
    mkdirSync(join(directory, 'dir'));
    execFileSync('mkfifo', [join(directory, 'pipe')]);
    symlinkSync('loop', join(directory, 'loop'));
    symlinkSync('nothing', join(directory, 'dangling'));
    expect(readJson(join(directory, 'dir'))).toMatchObject({ kind: 'unreadable', code: 'EISDIR' });
    expect(readJson(join(directory, 'pipe'))).toMatchObject({ kind: 'unreadable', code: 'ENXIO' });
    expect(readJson(join(directory, 'loop'))).toMatchObject({ kind: 'unreadable', code: 'ELOOP' });
    expect(readJson(join(directory, 'dangling'))).toMatchObject({ kind: 'unreadable', code: 'ENOENT' });
    expect(readJson('/dev/null')).toMatchObject({ kind: 'unreadable' });
  });

  it.skipIf(!canBecomeNobody)(
    'calls a file without rights unreadable (skipped: needs root to become nobody)',
    () => {
      writeFileSync(path, '{}', { mode: 0o600 });
      chmodSync(directory, 0o755);
      expect(asNobody(module, `m.read(${JSON.stringify(path)})`)).toMatchObject({
        value: { kind: 'unreadable', code: 'EACCES' },
      });
    },
  );

  it('never throws and never loses a value, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        writeFileSync(path, bytes);
        expect(['ok', 'invalid']).toContain(readJson(path).kind);
      }),
      { numRuns: 300 },
    );
  });

  it('names the first field that does not fit a schema', () => {
    writeFileSync(path, '{"a":{"b":"x"}}');
    const schema = v.object({ a: v.object({ b: v.number() }) });
    expect(readAs(path, schema)).toEqual({ kind: 'invalid', reason: expect.stringContaining('a.b') });
    writeFileSync(path, '{"a":{"b":2},"c":3}');
    expect(readAs(path, schema)).toMatchObject({ kind: 'ok', value: { a: { b: 2 } } });
  });
});

describe('writing JSON', { timeout: 60_000 }, () => {
  it('gives back what was written, with rights 0600, and leaves nothing beside it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        writeJson(path, value);
        expect(readJson(path)).toMatchObject({ kind: 'ok', value: JSON.parse(JSON.stringify(value)) });
      }),
      { numRuns: 50 },
    );
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(directory)).toEqual(['state.json']);
  });

  it('keeps the version before as the backup, and the backup of the backup goes', () => {
    for (const version of [1, 2, 3]) writeJson(path, version, { backup: true });
    expect([readFileSync(path, 'utf8'), readFileSync(`${path}.bak`, 'utf8')]).toEqual(['3\n', '2\n']);
    rmSync(`${path}.bak`);
    linkSync(path, `${path}.bak`);
    writeJson(path, 4, { backup: true });
    expect([readFileSync(path, 'utf8'), readFileSync(`${path}.bak`, 'utf8')]).toEqual(['4\n', '3\n']);
    expect(readdirSync(directory).sort()).toEqual(['state.json', 'state.json.bak']);
  });

  it('follows a symbolic link', () => {
    writeFileSync(join(directory, 'real'), '1');
    symlinkSync('real', path);
    writeJson(path, 2);
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(directory, 'real'), 'utf8')).toBe('2\n');
  });

  it('makes missing directories with rights 0700, and says so where that cannot be', () => {
    writeJson(join(directory, 'a/b.json'), 1);
    expect(statSync(join(directory, 'a')).mode & 0o777).toBe(0o700);
    writeFileSync(join(directory, 'file'), '');
    expect(() => writeJson(join(directory, 'file/b/c.json'), 1)).toThrow(
      expect.objectContaining({ exit: 73 }),
    );
    expect(() => writeJson('/proc/nowhere/x.json', 1)).toThrow(expect.objectContaining({ exit: 73 }));
    mkdirSync(path);
    expect(() => writeJson(path, 1)).toThrow(expect.objectContaining({ exit: 73 }));
  });

  it.each([
    ['ENOSPC', 74],
    ['EROFS', 74],
    ['EIO', 74],
    ['EDQUOT', 74],
    ['EACCES', 77],
    ['EPERM', 77],
  ])('on %s exits %i with the old version and its backup untouched', (code, exit) => {
    writeJson(path, 'one', { backup: true });
    writeJson(path, 'two', { backup: true });
    for (const point of ['before-write', 'written', 'before-backup', 'before-rename']) {
      armFaults(true, { GT_FAULT: `json.${point}:1:throw:${code}` });
      expect(() => writeJson(path, 'three', { backup: true })).toThrow(
        expect.objectContaining({ code: 'not-saved', exit }),
      );
      expect(readJson(path)).toMatchObject({ value: 'two' });
      expect(['one', 'two']).toContain(JSON.parse(readFileSync(`${path}.bak`, 'utf8')));
      expect(readdirSync(directory).sort()).toEqual(['state.json', 'state.json.bak']);
    }
  });

  it('does not claim that nothing happened when only the directory could not be synced', () => {
    armFaults(true, { GT_FAULT: 'json.after-rename:1:throw:EIO' });
    expect(() => writeJson(path, 2)).toThrow(expect.objectContaining({ code: 'not-synced', exit: 74 }));
    expect(readJson(path)).toMatchObject({ value: 2 });
  });

  it('gives up at the last moment when the file was changed meanwhile', () => {
    writeJson(path, 1);
    expect(() => writeJson(path, 2, { onlyIf: () => false })).toThrow(
      expect.objectContaining({ code: 'changed-meanwhile', exit: 75 }),
    );
    expect(readJson(path)).toMatchObject({ value: 1 });
    expect(readdirSync(directory)).toEqual(['state.json']);
  });

  it.skipIf(!canBecomeNobody)(
    'exits 77 in a directory without rights (skipped: needs root to become nobody)',
    () => {
      writeFileSync(path, '1', { mode: 0o644 });
      chmodSync(directory, 0o555);
      expect(asNobody(module, `m.write(${JSON.stringify(path)}, 2)`)).toMatchObject({
        exit: 77,
        code: 'not-saved',
      });
      expect(readFileSync(path, 'utf8')).toBe('1');
    },
  );

  it.skipIf(!canBecomeNobody)(
    'as root leaves a file to the owner of its directory (skipped: needs root)',
    () => {
      chownSync(directory, 65534, 65534);
      writeJson(path, 1);
      expect(statSync(path).uid).toBe(65534);
      writeJson(path, 2, { backup: true });
      expect([statSync(path).uid, statSync(`${path}.bak`).uid]).toEqual([65534, 65534]);
    },
  );
});

describe('sweeping leftovers', { timeout: 60_000 }, () => {
  it('removes old files of our own pattern and nothing else', () => {
    const ours = [
      'a.json.next-0123456789ab',
      'a.json.next-0123456789ab.1234567',
      'tick.lock.after-0123456789ab',
    ];
    const others = [
      'a.json',
      'a.json.bak',
      'a.json.next-xyz',
      'b.next-0123456789abc',
      'notes.after-party',
      'c.1234567',
    ];
    for (const name of [...ours, ...others, 'new.json.next-0123456789ab'])
      writeFileSync(join(directory, name), '');
    for (const name of [...ours, ...others]) utimesSync(join(directory, name), 1, 1);
    mkdirSync(join(directory, 'd.next-0123456789ab'));
    expect(sweepLeftovers(directory, Date.now())).toBe(3);
    expect(readdirSync(directory).sort()).toEqual(
      [...others, 'new.json.next-0123456789ab', 'd.next-0123456789ab'].sort(),
    );
    expect(sweepLeftovers(join(directory, 'none'), Date.now())).toBe(0);
    expect(existsSync(join(directory, 'a.json'))).toBe(true);
  });
});
