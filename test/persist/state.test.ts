import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Failure } from '../../src/exit.ts';
import { firstState, noMemory, type State } from '../../src/model/state.ts';
import { armFaults } from '../../src/persist/fault.ts';
import { type LoadedState, loadState, saveState } from '../../src/persist/state.ts';
import { nothingKept } from '../../src/persist/state-file.ts';
import { type Layout, layout } from '../../src/town/layout.ts';
import { cleanEnv } from '../rig/clean-env.ts';
import { scratch } from '../town/scratch.ts';
import { anyState } from './arbitrary-state.ts';
import { asNobody, bundledRoom, canBecomeNobody } from './unprivileged.ts';

let module: string;
let town: Layout;

beforeAll(async () => {
  module = await bundledRoom();
});
beforeEach(() => {
  town = layout(scratch());
  mkdirSync(town.daemonDir);
});
afterEach(() => armFaults(false, {}));

const two: State = {
  ...firstState,
  heartbeatCount: 2,
  lastHeartbeat: '2026-11-21T07:25:30.197Z',
  clock: { wall: 1.5e12, awake: 12.5, uptime: 3, boot: 'b', townAwake: 4, agesFrom: 5 },
  home: { socket: '/tmp/tmux-0/default', serverPid: 7, serverStarted: 1_795_245_928 },
  rigs: ['proj'],
  agents: {
    deacon: noMemory,
    'proj/witness': {
      ...noMemory,
      started: { at: '2026-11-21T07:00:00Z', awake: 1, pane: '%1', panePid: 9, serverPid: 7 },
      slot: { sent: { at: '2026-11-21T07:00:00Z', awake: 2 }, consumed: false, text: 'hi', stranded: true },
    },
  },
};
const one: State = { ...two, heartbeatCount: 1 };

/** A town whose state is `two` and whose backup is `one`. */
function settle(): void {
  saveState(town, two, saveState(town, one, nothingKept));
}

function file(): string {
  return readFileSync(town.stateFile, 'utf8');
}

function put(content: string | Buffer): void {
  writeFileSync(town.stateFile, content);
}

function quarantined(): readonly string[] {
  return existsSync(town.quarantineDir) ? readdirSync(town.quarantineDir) : [];
}

/** What a load may give for a file damaged in any way: the state, its backup with care, or a refusal. */
function verdict(): LoadedState | 'newer' {
  try {
    return loadState(town, { look: true });
  } catch (error) {
    if (error instanceof Failure && error.code === 'state-newer') return 'newer';
    throw error;
  }
}

function expectRecovered(): void {
  const loaded = loadState(town);
  expect(loaded).toMatchObject({ kind: 'recovered', careful: true, state: one, kept: { generation: 1 } });
  expect(loaded.warnings.map(({ code }) => code)).toEqual(['state-damaged', 'state-recovered']);
  expect(quarantined()).toHaveLength(1);
  expect(existsSync(town.stateFile)).toBe(false);
}

describe('the state', { timeout: 60_000 }, () => {
  it('is first only where there is no file at all', () => {
    expect(loadState(town)).toEqual({
      kind: 'first',
      state: firstState,
      careful: false,
      warnings: [],
      kept: nothingKept,
    });
    rmSync(town.daemonDir, { recursive: true });
    expect(loadState(town).kind).toBe('first');
  });

  it('comes back as it was saved, whatever it is', () => {
    fc.assert(
      fc.property(anyState, (state) => {
        const kept = saveState(town, state, nothingKept);
        expect(loadState(town)).toEqual({ kind: 'ok', state, careful: false, warnings: [], kept });
      }),
      { numRuns: 200 },
    );
  });

  it("has upstream's keys first, in upstream's order, and rights 0600", () => {
    settle();
    const keys = Object.keys(JSON.parse(file()));
    expect(keys.slice(0, 7)).toEqual([
      'running',
      'pid',
      'started_at',
      'last_heartbeat',
      'heartbeat_count',
      'schema',
      'generation',
    ]);
    expect(keys.at(-1)).toBe('checksum');
    expect(file()).toContain('"server_started": 1795245928');
    expect(file()).not.toMatch(/"[a-z_]*[A-Z]\w*":/);
  });

  it('counts its generations', () => {
    let kept = nothingKept;
    for (const generation of [1, 2, 3]) {
      kept = saveState(town, two, kept);
      expect(loadState(town).kept.generation).toBe(generation);
    }
  });

  it('keeps fields that this version does not know, of the document and of each agent', () => {
    settle();
    const document = JSON.parse(file());
    delete document.checksum;
    document.future = { deep: [1] };
    document.agents.deacon.mood = 'calm';
    put(JSON.stringify(document));
    const edited = loadState(town);
    saveState(town, { ...edited.state, heartbeatCount: 9 }, edited.kept);
    const again = loadState(town);
    expect(again).toMatchObject({ kind: 'ok', careful: false, state: { heartbeatCount: 9 } });
    expect(JSON.parse(file())).toMatchObject({ future: { deep: [1] }, agents: { deacon: { mood: 'calm' } } });
  });

  it('is accepted from a person who took the checksum out, with care for one pass', () => {
    settle();
    const { checksum: _, ...document } = JSON.parse(file());
    put(JSON.stringify({ ...document, heartbeat_count: 77 }));
    expect(loadState(town)).toMatchObject({ kind: 'ok', careful: true, state: { heartbeatCount: 77 } });
    expect(loadState(town).warnings.map(({ code }) => code)).toEqual(['state-edited']);
  });

  it('is the same after a program laid its file out anew', () => {
    settle();
    put(JSON.stringify(JSON.parse(file())));
    expect(loadState(town)).toMatchObject({ kind: 'ok', careful: false, state: two });
  });

  it("takes a Go daemon's file as history (F82)", () => {
    put(`{
  "running": true,
  "pid": 970,
  "started_at": "2026-11-21T07:25:28.297873298Z",
  "last_heartbeat": "2026-11-21T07:25:30.197785794Z",
  "heartbeat_count": 41
}`);
    const loaded = loadState(town);
    expect(loaded).toMatchObject({ kind: 'ok', careful: false, warnings: [] });
    expect(loaded.state).toEqual({
      ...firstState,
      running: true,
      pid: 970,
      startedAt: '2026-11-21T07:25:28.297873298Z',
      lastHeartbeat: '2026-11-21T07:25:30.197785794Z',
      heartbeatCount: 41,
    });
  });

  it("reads Go's year 1 and null as never, and absurd numbers as the nearest sensible ones", () => {
    put(
      '{"running":null,"pid":-5,"started_at":"0001-01-01T00:00:00Z","last_heartbeat":null,"heartbeat_count":9223372036854775807}',
    );
    expect(loadState(town).state).toEqual({ ...firstState, heartbeatCount: Number.MAX_SAFE_INTEGER - 1 });
    put('{"pid":1e999,"heartbeat_count":-1e999}');
    expect(loadState(town).state).toMatchObject({ pid: Number.MAX_SAFE_INTEGER - 1, heartbeatCount: 0 });
  });

  it('of a newer version is refused with 78 and never written (F82)', () => {
    settle();
    const newer = JSON.stringify({ ...JSON.parse(file()), schema: 2 });
    put(newer);
    expect(() => loadState(town)).toThrow(expect.objectContaining({ code: 'state-newer', exit: 78 }));
    expect(file()).toBe(newer);
    expect(quarantined()).toEqual([]);
  });

  it('is not polluted by a __proto__ key', () => {
    put('{"heartbeat_count":1,"__proto__":{"polluted":1}}');
    const loaded = loadState(town);
    saveState(town, loaded.state, loaded.kept);
    expect(Object.getOwnPropertyDescriptor(Object.prototype, 'polluted')).toBeUndefined();
    expect(Object.getPrototypeOf(loaded.state)).toBe(Object.prototype);
    expect(loadState(town)).toMatchObject({ kind: 'ok', careful: false, state: { heartbeatCount: 1 } });
    put('{"schema":1,"agents":{"__proto__":{"started":null},"constructor":{}}}');
    expect(Object.keys(loadState(town).state.agents)).toEqual([]);
  });
});

describe('a damaged state', { timeout: 60_000 }, () => {
  it('cut short at any byte is set aside, its backup used and the pass careful (F72)', () => {
    settle();
    const whole = readFileSync(town.stateFile);
    for (let length = 0; length < whole.length - 1; length += 1) {
      put(whole.subarray(0, length));
      expect(verdict(), `${length} bytes`).toMatchObject({ kind: 'recovered', careful: true, state: one });
    }
    put(whole.subarray(0, 100));
    expectRecovered();
  });

  it('with any byte changed is never taken for another state', () => {
    settle();
    const whole = readFileSync(town.stateFile);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const bytes = Buffer.from(whole);
        bytes[at] = (bytes[at] ?? 0) ^ flip;
        put(bytes);
        const loaded = verdict();
        if (loaded === 'newer') return;
        expect(loaded.state).toEqual(loaded.kind === 'ok' ? two : one);
        expect(loaded.careful).toBe(loaded.kind !== 'ok' || loaded.warnings.length > 0);
      }),
      { numRuns: 1500 },
    );
  });

  it('with a zero-filled tail or a duplicated start is set aside', () => {
    settle();
    const whole = readFileSync(town.stateFile);
    for (const torn of [
      Buffer.concat([whole, Buffer.alloc(4096)]),
      Buffer.concat([whole.subarray(0, 200), Buffer.alloc(whole.length - 200)]),
      Buffer.concat([whole.subarray(0, 200), whole]),
    ]) {
      put(torn);
      expect(verdict()).toMatchObject({ kind: 'recovered', careful: true, state: one });
    }
  });

  it.each([
    'null',
    '[]',
    '{}',
    '"x"',
    '7',
    '{"heartbeat_count":"many"}',
    '{"running":1}',
    '{"schema":0,"running":true}',
    '{"schema":"1","running":true}',
    '{"schema":1.5}',
    '{"schema":1,"agents":[]}',
    '{"schema":1,"agents":{"deacon":null}}',
    '{"schema":1,"agents":{"deacon":[]}}',
    '{"schema":1,"agents":{"deacon":{"shell_sightings":-1}}}',
    '{"schema":1,"agents":{"deacon":{"trouble_since":"yesterday-ish"}}}',
    '{"schema":1,"clock":{"wall":1e999}}',
    '{"schema":1,"intent":{"pass":"p","at":"2026-11-21T07:25:30Z","actions":[{"kind":"explode"}]}}',
    '{"schema":1,"checksum":"0000"}',
    `{"schema":1,"x":${'['.repeat(5000)}${']'.repeat(5000)}}`,
    `{"schema":1,"x":"${'y'.repeat(10_000_000)}`,
  ])('(%.60s) is set aside and its backup used', (content) => {
    settle();
    put(content);
    expectRecovered();
    expect(readFileSync(join(town.quarantineDir, quarantined()[0] ?? ''), 'utf8')).toBe(content);
  });

  it('with a damaged backup is remembered anew, with care, and both are kept for people', () => {
    settle();
    put('x');
    writeFileSync(`${town.stateFile}.bak`, 'y');
    expect(loadState(town)).toMatchObject({ kind: 'recovered', careful: true, state: firstState });
    expect(quarantined()).toHaveLength(2);
  });

  it('that is missing while its backup is there is recovered, not begun anew', () => {
    settle();
    rmSync(town.stateFile);
    const loaded = loadState(town);
    expect(loaded).toMatchObject({ kind: 'recovered', careful: true, state: one });
    expect(loaded.warnings.map(({ code }) => code)).toEqual(['state-missing', 'state-recovered']);
  });

  it('is left in place by those who only look', () => {
    settle();
    put('x');
    expect(loadState(town, { look: true })).toMatchObject({ kind: 'recovered', state: one });
    expect([file(), quarantined()]).toEqual(['x', []]);
  });

  it('does not fill the disk: the newest eight are kept', () => {
    for (let round = 0; round < 12; round += 1) {
      put(`broken ${round}`);
      utimesSync(town.stateFile, round, round);
      loadState(town);
    }
    expect(quarantined()).toHaveLength(8);
    const texts = quarantined().map((name) => readFileSync(join(town.quarantineDir, name), 'utf8'));
    expect(texts).toContain('broken 11');
    expect(texts).not.toContain('broken 0');
  });

  it('survives a kill between setting aside and saving', () => {
    settle();
    put('x');
    armFaults(true, { GT_FAULT: 'quarantine.after:1:throw:EIO' });
    expect(() => loadState(town)).toThrow();
    expect(loadState(town)).toMatchObject({ kind: 'recovered', careful: true, state: one });
  });
});

describe('a state that cannot be read', { timeout: 60_000 }, () => {
  it('because it is a directory or its links form a loop exits 74 and is left alone', () => {
    mkdirSync(town.stateFile);
    expect(() => loadState(town)).toThrow(expect.objectContaining({ code: 'not-read', exit: 74 }));
    rmSync(town.stateFile, { recursive: true });
    symlinkSync('state.json', town.stateFile);
    expect(() => loadState(town)).toThrow(expect.objectContaining({ code: 'not-read', exit: 74 }));
    expect(readdirSync(town.daemonDir)).toEqual(['state.json']);
  });

  it.skipIf(!canBecomeNobody)(
    'for want of rights exits 77 and is left alone (skipped: needs root to become nobody)',
    () => {
      settle();
      chmodSync(town.stateFile, 0o600);
      chmodSync(town.daemonDir, 0o777);
      chmodSync(dirname(town.daemonDir), 0o755);
      const before = file();
      const load = `m.load(${JSON.stringify(town.root)})`;
      expect(asNobody(module, load)).toMatchObject({ code: 'not-read', exit: 77 });
      put('x');
      chmodSync(town.stateFile, 0o644);
      expect(asNobody(module, load)).toMatchObject({ code: 'not-read', exit: 77 });
      expect(file()).toBe('x');
      put(before);
      expect(loadState(town).kind).toBe('ok');
    },
  );
});

describe('kill -9 while a state is saved (F72)', { timeout: 60_000 }, () => {
  it.each(['before-write', 'written', 'before-backup', 'before-rename', 'after-rename'])(
    '(json.%s) leaves the old state or the new one, whole',
    (point) => {
      const run = `
        const m = require(${JSON.stringify(module)});
        m.arm(process.env);
        m.save(${JSON.stringify(town.root)});`;
      settle();
      const before = loadState(town);
      expect(() =>
        execFileSync(process.execPath, ['-e', run], {
          env: cleanEnv({ GT_FAULT: `json.${point}:1:kill` }),
          stdio: 'ignore',
        }),
      ).toThrow(expect.objectContaining({ signal: 'SIGKILL' }));
      const after = loadState(town);
      expect(after).toMatchObject({ kind: 'ok', careful: false });
      expect(after.kept.generation).toBe(before.kept.generation + (point === 'after-rename' ? 1 : 0));
      saveState(town, two, after.kept);
      expect(loadState(town)).toMatchObject({ kind: 'ok', state: two });
    },
  );
});
