import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Brake, noBrake } from '../../src/model/brake.ts';
import type { Condition } from '../../src/model/condition.ts';
import { firstState, noMemory, type State } from '../../src/model/state.ts';
import { loadState, saveState } from '../../src/persist/state.ts';
import { nothingKept } from '../../src/persist/state-file.ts';
import { readHolds } from '../../src/town/holds.ts';
import { layout } from '../../src/town/layout.ts';
import { bareTown, gt } from './told.ts';

let town: string;
beforeEach(() => {
  town = bareTown();
  writeFileSync(
    `${town}/mayor/rigs.json`,
    '{"version":1,"rigs":{"proj":{"git_url":"","added_at":"2026-01-01T00:00:00Z"}}}',
  );
  mkdirSync(`${town}/proj/crew/max`, { recursive: true });
});
afterEach(() => rmSync(town, { recursive: true, force: true }));

const holds = () => {
  const read = readHolds(layout(town), Date.parse('2026-03-01T12:00:00Z'), ['proj']);
  return read.known ? read.value : [];
};

describe('gt hold', () => {
  it('holds the whole town, a rig or one agent, with who, why, since when and until when', async () => {
    await gt(town, ['hold', '--reason', 'nobody home']);
    await gt(town, ['hold', 'proj', '--reason', 'moving', '--for', '2h']);
    const { out } = await gt(town, ['hold', 'proj/max', '--reason', 'my own work']);
    expect(out).toContain(
      '✓ proj/crew/max is held: my own work, until somebody ends it. To end it: gt resume proj/crew/max',
    );
    const since = '2026-03-01T12:00:00.000Z';
    const by = { kind: 'hold', by: 'ann', since } as const;
    expect(holds()).toEqual([
      { ...by, target: '*', reason: 'nobody home', until: null },
      { ...by, target: 'proj', reason: 'moving', until: '2026-03-01T14:00:00.000Z' },
      { ...by, target: 'proj/crew/max', reason: 'my own work', until: null },
    ]);
  });

  it('takes the place of an earlier hold of the same person, and stands beside that of another', async () => {
    await gt(town, ['hold', 'proj', '--reason', 'one']);
    await gt(town, ['hold', 'proj', '--reason', 'two', '--for', '1h']);
    await gt(town, ['hold', 'proj', '--reason', 'three'], { env: { USER: 'bob' } });
    expect(holds().map(({ by, reason }) => `${by}: ${reason}`)).toEqual(['ann: two', 'bob: three']);
    expect((await gt(town, ['resume', 'proj'])).exit).toBe(0);
    expect(holds()).toEqual([]);
  });

  it.each([
    [['hold'], 'A hold needs a reason'],
    [['hold', '--reason', ' '], 'A hold needs a reason'],
    [['hold', '--reason', 'x', '--for', 'soon'], '--for takes a length of time'],
    [['hold', '--reason', 'x', '--for', '0s'], '--for takes a length of time'],
    [['hold', 'proj/maxx', '--reason', 'x'], 'There is no agent proj/maxx'],
  ])('refuses %j and holds nobody', async (args, message) => {
    const { exit, err } = await gt(town, args);
    expect(exit).toBe(64);
    expect(err).toContain(message);
    expect(holds()).toEqual([]);
  });

  it('leaves a file of holds alone that it cannot understand', async () => {
    writeFileSync(`${town}/daemon/holds.json`, '{"version":1,"holds":[{"tar');
    expect((await gt(town, ['hold', '--reason', 'x'])).exit).toBe(65);
    expect(readFileSync(`${town}/daemon/holds.json`, 'utf8')).toBe('{"version":1,"holds":[{"tar');
  });

  it('is in the log, and so is its end', async () => {
    await gt(town, ['hold', 'proj', '--reason', 'moving']);
    await gt(town, ['resume', 'proj']);
    await gt(town, ['hold', 'deacon', '--reason', 'elsewhere']);
    const { out } = await gt(town, ['log', 'proj']);
    expect(out).toMatch(/proj: held by ann: moving.*\n.*proj: no longer held/);
    expect(out).not.toContain('deacon');
  });
});

const brake: Brake = {
  ...noBrake,
  attempts: 5,
  deaths: [1, 2, 3, 4, 5],
  open: { since: '2026-03-01T11:00:00.000Z', untilAwake: 9_000_000, waitMs: 3_600_000 },
};

const condition: Condition = {
  key: 'crash-loop:proj/witness',
  code: 'crash-loop',
  agent: 'proj/witness',
  to: 'overseer',
  subject: 'crash loop',
  text: 'proj/witness died five times in 15 minutes.',
  details: {},
  hint: 'gt why proj/witness',
  opened: '2026-03-01T11:00:00.000Z',
  seen: { at: '2026-03-01T11:59:00.000Z', awake: 1000 },
  over: null,
  flaps: 0,
  acknowledged: null,
  owed: null,
  told: { at: '2026-03-01T11:00:01.000Z', awake: 900, kind: 'opened' },
};

function remember(state: Partial<State>): void {
  saveState(layout(town), { ...firstState, ...state }, nothingKept);
}

describe('gt reset', () => {
  it('forgets the brake, the backoff and the pending message of one agent, and nothing of the others', async () => {
    const moment = { at: '2026-03-01T11:30:00.000Z', awake: 500 };
    const slot = { sent: moment, consumed: false, text: 'hello', stranded: false };
    const backoff = { intervalMs: 600_000, misses: 3, lastPoke: moment };
    const other = { ...noMemory, brake, backoff };
    remember({ agents: { 'proj/witness': { ...noMemory, brake, slot, backoff }, deacon: other } });
    const { exit, out } = await gt(town, ['reset', 'proj/witness']);
    expect({ exit, out }).toMatchObject({
      exit: 0,
      out: expect.stringContaining('breaker open after 5 deaths'),
    });
    const { agents } = loadState(layout(town)).state;
    expect(agents['proj/witness']).toMatchObject({ brake: null, backoff: null, slot: null });
    expect(agents.deacon).toEqual(other);
    expect((await gt(town, ['log', 'proj/witness'])).out).toContain('reset by ann');
  });

  it('keeps a message that still stands in the composer, so that it is not typed twice', async () => {
    const moment = { at: '2026-03-01T11:30:00.000Z', awake: 500 };
    const slot = { sent: moment, consumed: false, text: 'hello', stranded: true };
    remember({ agents: { deacon: { ...noMemory, slot, brake } } });
    await gt(town, ['reset', 'deacon']);
    expect(loadState(layout(town)).state.agents.deacon).toMatchObject({ slot, brake: null });
  });

  it('says when there is nothing to forget, and leaves the state as it is', async () => {
    remember({});
    const before = readFileSync(layout(town).stateFile, 'utf8');
    expect((await gt(town, ['reset', 'deacon'])).out).toContain('Nothing slows deacon down');
    expect(readFileSync(layout(town).stateFile, 'utf8')).toBe(before);
  });
});

describe('gt alerts', () => {
  it('lists what is wrong, since when, and who was told', async () => {
    expect((await gt(town, ['alerts', 'list'])).out).toContain('Nothing is wrong');
    remember({ conditions: [condition, { ...condition, key: 'ended', over: '2026-03-01T11:30:00.000Z' }] });
    const { out } = await gt(town, ['alerts', 'list']);
    expect(out).toMatch(/✗ crash-loop:proj\/witness {2}since 1 h ago/);
    expect(out).toContain('the human was told 59 min ago');
    expect(out).not.toContain('ended');
    expect((await gt(town, ['alerts', 'list', '--all'])).out).toContain('over since');
  });

  it('is not acknowledged by whoever names none, were it the only one', async () => {
    remember({ conditions: [condition] });
    for (const nothing of ['', ' '])
      expect(await gt(town, ['alerts', 'ack', nothing])).toMatchObject({
        exit: 64,
        err: 'gt: Which alert is meant was not said.\n    next: gt alerts list\n',
      });
    expect(loadState(layout(town)).state.conditions[0]?.acknowledged).toBeNull();
  });

  it('acknowledges one by its key, the beginning of it or its agent, once', async () => {
    remember({ conditions: [condition] });
    expect((await gt(town, ['alerts', 'ack', 'crash'])).out).toContain('is acknowledged');
    const [one] = loadState(layout(town)).state.conditions;
    expect(one?.acknowledged).toEqual({ by: 'ann', at: '2026-03-01T12:00:00.000Z' });
    const again = await gt(town, ['alerts', 'ack', 'proj/witness'], { env: { USER: 'bob' } });
    expect(again.out).toContain('was acknowledged by ann already');
    expect(await gt(town, ['alerts', 'ack', 'crash-lop:proj/witness'])).toMatchObject({
      exit: 64,
      err: expect.stringContaining('Did you mean crash-loop:proj/witness?'),
    });
  });
});

describe('gt replay', () => {
  it.each(['', ' '])('of a pass called %j is wrong usage, were there but one', async (pass) => {
    mkdirSync(`${town}/daemon/passes`);
    writeFileSync(`${town}/daemon/passes/2026-03-01T11:59:00.000Z-1a2b.json`, '{}');
    expect(await gt(town, ['replay', pass])).toMatchObject({
      exit: 64,
      err: 'gt: Which pass is meant was not said.\n    next: gt replay\n',
    });
    expect((await gt(town, ['replay', 'nosuch'])).err).toContain('1 pass is kept');
  });
});

describe('gt log', () => {
  const event = (minute: number, more: object) =>
    `${JSON.stringify({ at: `2026-03-01T11:${String(minute).padStart(2, '0')}:00.000Z`, pass: 'p', text: '', evidence: {}, ...more })}\n`;
  const started = (minute: number, agent: string) =>
    event(minute, {
      kind: 'start',
      agent,
      text: 'ok: its session is gone',
      evidence: { why: 'session-absent', result: 'ok' },
    });

  it('tells the story in sentences, oldest first, over rotated files, passing over what is no event', async () => {
    const file = layout(town).eventsFile;
    appendFileSync(file, started(1, 'deacon'));
    renameSync(file, `${file}.2`);
    appendFileSync(file, started(2, 'proj/witness'));
    renameSync(file, `${file}.1`);
    const failed = {
      kind: 'start',
      agent: 'deacon',
      text: 'failed: its process ended; tmux said no',
      evidence: { why: 'pane-dead', result: 'failed', status: 3 },
    };
    appendFileSync(file, `{"torn\n${event(3, failed)}`);
    const lines = (await gt(town, ['log'])).out.trimEnd().split('\n');
    expect(lines.map((line) => line.replace(/^.*? {2,}/, ''))).toEqual([
      '✓ Started deacon: its session is gone.',
      '✓ Started proj/witness: its session is gone.',
      '✗ Could not start deacon: its process ended (status 3); tmux said no.',
    ]);
    const { out } = await gt(town, ['log', 'proj/witness']);
    expect(out).toContain('Started proj/witness');
    expect(out).not.toContain('deacon');
  });

  it('goes back as far as it is told, and prints one document on request', async () => {
    const file = layout(town).eventsFile;
    for (let minute = 0; minute < 60; minute += 1) appendFileSync(file, started(minute, 'deacon'));
    const told = async (...args: string[]) => {
      const { out } = await gt(town, ['log', ...args, '--json']);
      const { earlier, events } = JSON.parse(out);
      return [earlier, events.length];
    };
    expect(await told()).toEqual([10, 50]);
    expect(await told('--since', '30m')).toEqual([0, 30]);
    expect(await told('--since', '30m', '-n', '5')).toEqual([25, 5]);
    expect(await told('--since', '2026-03-01T11:58:00Z')).toEqual([0, 2]);
    expect((await gt(town, ['log', '--since', 'yesterday'])).exit).toBe(64);
  });
});

describe('gt status --watch', () => {
  it('paints the same screen anew until its terminal has gone', async () => {
    const painted: string[] = [];
    let close = () => {};
    await gt(town, ['status', '--watch'], {
      isTerminal: true,
      onClosed: (then) => {
        close = then;
      },
      stdout: (text) => {
        painted.push(text);
        if (painted.length === 2) close();
      },
    });
    expect(painted).toHaveLength(2);
    for (const text of painted) expect(text).toMatch(/^\u001b\[H.*heartbeat/s);
  });

  it('is refused where nobody watches', async () => {
    expect((await gt(town, ['status', '--watch'])).exit).toBe(64);
    expect((await gt(town, ['status', '--watch', '--json'], { isTerminal: true })).exit).toBe(64);
  });
});

describe('the command line', () => {
  it('takes words after -- for the arguments that are missing', async () => {
    const { exit, err } = await gt(town, ['rig', 'add', 'new', '--', '/nowhere/at/all']);
    expect(err).toContain('/nowhere/at/all');
    expect(exit).not.toBe(0);
    expect(await gt(town, ['due', '--', 'x'])).toMatchObject({
      exit: 64,
      err: expect.stringContaining('There is an argument too many: x.'),
    });
  });

  it('names the command that does not exist, whatever options stand behind it', async () => {
    const { exit, out } = await gt(town, ['frob', '--json']);
    expect(exit).toBe(64);
    expect(JSON.parse(out).error.message).toContain('There is no command gt frob.');
  });

  it('completes the town that the environment names when install is given no directory', async () => {
    const { out } = await gt('/', ['install', '--agent', 'sh'], { env: { GT_TOWN_ROOT: town } });
    expect(out).toContain(`The town ${town}`);
  });

  it('refuses a handoff that asks for two things', async () => {
    const env = { GT_ROLE: 'deacon' };
    const { exit, err } = await gt(town, ['handoff', '--cycle', '--shutdown'], { env });
    expect(exit).toBe(64);
    expect(err).toContain('--cycle and --shutdown cannot stand together');
  });

  it('names the hold that keeps a request waiting, at once', async () => {
    writeFileSync(`${town}/ESTOP`, 'the house burns\n');
    const { exit, err } = await gt(town, ['lifecycle', 'request', 'cycle', '--agent', 'deacon']);
    expect(exit).toBe(0);
    expect(err).toMatch(/the whole town is held \(estop: the house burns.*to end it: rm .*ESTOP/);
    const told = await gt(town, ['lifecycle', 'request', 'cycle', '--agent', 'deacon', '--json']);
    expect(JSON.parse(told.out).held).toMatchObject({ kind: 'estop', target: '*' });
  });

  it('shows an example of each group of commands', async () => {
    for (const group of ['rig', 'mail', 'alerts', 'lifecycle'])
      expect((await gt(town, [group, '--help'])).out, group).toMatch(/Examples:\n {2}gt /);
  });
});
