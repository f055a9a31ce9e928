import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { compile, compiledFileOf } from '../src/compiled.ts';
import { gtFile } from './rig/built-gt.ts';

/** The file of a due heartbeat, the one that matters most. */
const name = 'heartbeat-pass.cjs';

describe('what the build compiled ahead', () => {
  let dist: string;
  let scratch: string;
  beforeAll(() => {
    scratch = mkdtempSync(join(tmpdir(), 'gt-compiled-'));
    dist = join(scratch, 'dist');
  });
  beforeEach(() => {
    rmSync(dist, { recursive: true, force: true });
    cpSync(dirname(gtFile), dist, { recursive: true });
  });
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));

  const file = () => join(dist, name);
  const rejected = () => compile(file()).script.cachedDataRejected;
  const dueGate = () => {
    const ran = spawnSync(process.execPath, [join(dist, 'gt.cjs'), 'tick', '--town', '/nowhere'], {
      env: {},
      encoding: 'utf8',
    });
    return { status: ran.status, said: ran.stderr.includes('/nowhere') };
  };

  it('is used by the Node that built it', () => {
    expect(rejected()).toBe(false);
    expect(dueGate()).toEqual({ status: 78, said: true });
  });

  it('is not used for a source that was changed, even to one of the same length', () => {
    writeFileSync(file(), readFileSync(file(), 'latin1').replace('const ', 'let   '));
    expect(rejected()).toBeUndefined();
    expect(dueGate()).toEqual({ status: 78, said: true });
  });

  it('is not handed to V8 when any byte of it is damaged, or when it was cut short', () => {
    const code = compiledFileOf(file());
    const whole = readFileSync(code);
    for (const at of [0, 5, 8, 40, 4000, whole.length - 1]) {
      const damaged = Buffer.from(whole);
      damaged.writeUInt8(damaged.readUInt8(at) ^ 0x40, at);
      writeFileSync(code, damaged);
      expect(rejected()).toBeUndefined();
    }
    expect(dueGate()).toEqual({ status: 78, said: true });
    for (const length of [0, 3, 8, 5000]) {
      writeFileSync(code, whole);
      truncateSync(code, length);
      expect(rejected()).toBeUndefined();
    }
  });

  it('may be missing altogether', () => {
    rmSync(compiledFileOf(file()));
    expect(rejected()).toBeUndefined();
    expect(dueGate()).toEqual({ status: 78, said: true });
  });

  it('stands beside plain ASCII, which is what is read as such', () => {
    expect(readFileSync(file()).every((byte) => byte < 0x80)).toBe(true);
    expect(createRequire(file())(file())).toHaveProperty('scheduledTick');
  });
});
