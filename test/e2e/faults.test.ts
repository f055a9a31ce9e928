import { readdirSync, readFileSync, truncateSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FaultPoint, faultPoints } from '../../src/persist/fault.ts';
import {
  beginAnew,
  clockFrom,
  composerOf,
  deeds,
  killAgent,
  linesHeard,
  minutes,
  timeless,
} from '../rig/faulted.ts';
import { clockEnv, type TestTown, testTown } from '../rig/town.ts';

/** A way to kill a tick that has work: a dead agent, an absent session, a silent deacon. */
interface Death {
  readonly at: FaultPoint;
  /**
   * The hit that strikes. A pass takes its own lock, then the nudged pane's; it saves its state twice, then the gate's
   * file and the report.
   */
  readonly nth: number;
  /** What the pass finds, besides its work. */
  readonly before?: 'dead-owner' | 'damaged-state';
  /** The nudge was decided and saved, but not typed: nobody can know, so it is not repeated before its time. */
  readonly unsaid?: true;
}

const deaths: readonly Death[] = [
  { at: 'lock.recorded', nth: 1 },
  { at: 'lock.taken', nth: 1 },
  { at: 'lock.judged-dead', nth: 1, before: 'dead-owner' },
  { at: 'lock.elected', nth: 1, before: 'dead-owner' },
  { at: 'lock.confirmed', nth: 1, before: 'dead-owner' },
  { at: 'lock.replaced', nth: 1, before: 'dead-owner' },
  { at: 'quarantine.before', nth: 1, before: 'damaged-state' },
  { at: 'quarantine.after', nth: 1, before: 'damaged-state' },
  { at: 'pass.before-intent', nth: 1 },
  { at: 'json.before-write', nth: 1 },
  { at: 'json.written', nth: 1 },
  { at: 'json.before-backup', nth: 1 },
  { at: 'json.before-rename', nth: 1 },
  { at: 'json.after-rename', nth: 1, unsaid: true },
  { at: 'pass.intent-saved', nth: 1, unsaid: true },
  { at: 'act.before', nth: 1, unsaid: true },
  { at: 'act.after', nth: 1, unsaid: true },
  { at: 'act.before', nth: 2, unsaid: true },
  { at: 'lock.recorded', nth: 2, unsaid: true },
  { at: 'lock.taken', nth: 2, unsaid: true },
  { at: 'act.typed', nth: 1 },
  { at: 'act.after', nth: 2 },
  { at: 'pass.acted', nth: 1 },
  { at: 'json.before-write', nth: 2 },
  { at: 'json.written', nth: 2 },
  { at: 'json.before-rename', nth: 2 },
  { at: 'json.after-rename', nth: 2 },
  { at: 'pass.outcome-saved', nth: 1 },
  { at: 'json.written', nth: 3 },
  { at: 'json.written', nth: 4 },
  { at: 'pass.recorded', nth: 1 },
];

/** Points that no tick reaches, and where they are struck instead. */
const elsewhere: Readonly<Partial<Record<FaultPoint, string>>> = {
  'act.before-kill': 'an agent that asked to be ended: the tests of lifecycle requests',
  'act.killed': 'an agent that asked to be ended: the tests of lifecycle requests',
  'edit.locked': 'commands that edit shared files: test/persist/edit-lock.test.ts',
  'edit.before-unlock': 'commands that edit shared files: test/persist/edit-lock.test.ts',
  'mail.opened-box': 'the store of files: test/store/crash.test.ts',
  'mail.delivered-tmp': 'the store of files: test/store/crash.test.ts',
  'mail.delivered': 'the store of files: test/store/crash.test.ts',
  'mail.claimed': 'the store of files: test/store/crash.test.ts',
  'mail.released': 'the store of files: test/store/crash.test.ts',
  'mail.outcome-written': 'the store of files: test/store/crash.test.ts',
  'mail.settled': 'the store of files: test/store/crash.test.ts',
  'mail.retired': 'the store of files: test/store/crash.test.ts',
  'work.created': 'the store of files: test/store/crash.test.ts',
  'work.changed': 'the store of files: test/store/crash.test.ts',
};

const sessions = ['gt-deacon', 'gt-a-witness', 'gt-b-witness'];

describe('the fault points of a pass', () => {
  it('are all struck here, or it is said where', () => {
    const struck = new Set<string>([...deaths.map(({ at }) => at), ...Object.keys(elsewhere)]);
    expect([...struck].sort()).toEqual(Object.keys(faultPoints).sort());
  });
});

describe('a tick that had work and was killed', () => {
  const base = clockFrom();
  const at = (minute: number) => clockEnv(base, minutes(minute));
  let town: TestTown;
  const whole = new Map<Death['before'], Ran>();

  beforeAll(async () => {
    town = await testTown(['a', 'b']);
    // So that every run, the first one too, begins with agents that an earlier town started.
    await beginAnew(town, base, sessions);
    for (const before of [undefined, 'damaged-state'] as const) whole.set(before, await run(before, null));
  });
  afterAll(() => town.close());

  /** Everything that a run leaves, for comparison. */
  interface Ran {
    readonly state: unknown;
    readonly said: readonly string[];
    readonly made: number;
  }

  async function run(before: Death['before'], fault: string | null): Promise<Ran> {
    await beginAnew(town, base, sessions);
    const heard = linesHeard(town, 'gt-deacon').length;
    await killAgent(town, 'gt-a-witness');
    const sessionsMade = newestSession();
    town.tmux('kill-session', '-t', '=gt-b-witness:');
    const alive = new Map(town.livePanes());
    if (before === 'dead-owner') await die('pass.before-intent:1:kill');
    if (before === 'damaged-state') truncateSync(join(town.root, 'daemon/state.json'), 100);
    if (fault === null) await town.tick(at(20));
    else await die(fault);
    nobodyTwice(alive);
    await town.tick(at(21));
    nobodyTwice(alive);
    const last = await town.tick(at(22));
    nobodyTwice(alive);
    expect(last.status).toBe(0);
    expect(last.warnings).toEqual([]);
    expect([...alive.keys()].sort()).toEqual([...sessions].sort());
    expect(town.tmux('list-sessions', '-F', '#{session_name}').split('\n').sort()).toEqual(
      [...sessions].sort(),
    );
    expect(leftovers()).toEqual([]);
    expect(composerOf(town, 'gt-deacon')).toBe('');
    // What a pass meant to spend of the night's ceiling stays spent when it is killed; by day nothing is counted.
    const { night: _spent, ...state } = Object(town.read('daemon/state.json'));
    return {
      state: timeless(state),
      said: linesHeard(town, 'gt-deacon').slice(heard),
      made: newestSession() - sessionsMade,
    };
  }

  async function die(fault: string): Promise<void> {
    const ended = await town.gt(['tick', '--force'], { ...at(20), GT_FAULT: fault });
    expect(ended.signal, `${fault}: ${ended.stderr}`).toBe('SIGKILL');
    ageLeftovers();
  }

  /** What was left a minute ago or more is nobody's: files are dated by another clock than the town's. */
  function ageLeftovers(): void {
    const old = new Date(Date.now() - 120_000);
    for (const name of leftovers())
      if (!name.endsWith('.lock')) utimesSync(join(town.root, 'daemon', name), old, old);
  }

  /** Whoever lives keeps its process; adds who has come to life since. */
  function nobodyTwice(alive: Map<string, number>): void {
    const now = town.livePanes();
    for (const [session, pid] of alive) expect(now.get(session), `${session} was started twice`).toBe(pid);
    for (const [session, pid] of now) alive.set(session, pid);
  }

  function newestSession(): number {
    return Math.max(
      ...town
        .tmux('list-sessions', '-F', '#{session_id}')
        .split('\n')
        .map((id) => Number(id.slice(1))),
    );
  }

  function leftovers(): readonly string[] {
    const daemon = join(town.root, 'daemon');
    return readdirSync(daemon, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.(next|after)-|\.lock$/.test(name),
    );
  }

  it('is measured against one that was not killed: it did everything', () => {
    for (const ran of whole.values()) {
      expect(ran.said).toHaveLength(1);
      expect(ran.made).toBe(1);
    }
  });

  it.each(deaths)(
    'at $at (hit $nth) converges within two ticks to the state of a run that was never killed',
    async (death) => {
      const { at: point, nth, before, unsaid = false } = death;
      const ran = await run(before, `${point}:${nth}:kill`);
      const undisturbed = whole.get(before === 'damaged-state' ? before : undefined);
      expect(ran.state).toEqual(undisturbed?.state);
      expect(ran.said).toEqual(unsaid ? [] : undisturbed?.said);
      expect(ran.made).toBe(1);
    },
  );
});

describe('a state that cannot be saved', () => {
  const base = clockFrom();
  let town: TestTown;
  beforeAll(async () => {
    town = await testTown(['a', 'b']);
    await beginAnew(town, base, sessions);
    await killAgent(town, 'gt-a-witness');
    town.tmux('kill-session', '-t', '=gt-b-witness:');
  });
  afterAll(() => town.close());

  const at = (minute: number) => clockEnv(base, minutes(minute));
  const stateBytes = () => readFileSync(join(town.root, 'daemon/state.json'), 'utf8');
  const strike = (fault: string) => town.gt(['tick', '--force'], { ...at(20), GT_FAULT: fault });
  const points = ['json.before-write', 'json.written', 'json.before-backup', 'json.before-rename'] as const;
  const errors = [
    ['ENOSPC', 74],
    ['EIO', 74],
    ['EACCES', 77],
  ] as const;

  it.each(points.flatMap((point) => errors.map(([code, status]) => [code, point, status] as const)))(
    'before anything was done (%s at %s) lets nothing be done, and ends with %d',
    async (code, point, status) => {
      const alive = town.livePanes();
      const before = stateBytes();
      const ended = await strike(`${point}:1:throw:${code}`);
      expect([ended.status, ended.stdout]).toEqual([status, '']);
      expect(ended.stderr).toContain('daemon/state.json was not saved');
      expect(town.livePanes()).toEqual(alive);
      expect(linesHeard(town, 'gt-deacon')).toEqual([]);
      expect(stateBytes()).toBe(before);
      expect(readdirSync(join(town.root, 'daemon')).filter((name) => /\.next-|lock/.test(name))).toEqual([]);
    },
  );

  it('for sure, because its directory could not be synced, lets nothing be done either', async () => {
    const alive = town.livePanes();
    const ended = await strike('json.after-rename:1:throw:EIO');
    expect(ended.status).toBe(74);
    expect(ended.stderr).toContain('may not outlive a power cut');
    expect(town.livePanes()).toEqual(alive);
    expect(linesHeard(town, 'gt-deacon')).toEqual([]);
  });

  it('after everything was done is said with 74, and nothing is done again', async () => {
    const ended = await strike('json.before-write:2:throw:ENOSPC');
    expect(ended.status).toBe(74);
    const alive = town.livePanes();
    expect([...alive.keys()].sort()).toEqual([...sessions].sort());
    const next = await town.tick(at(21));
    expect(next.status).toBe(0);
    expect(next.warnings.map(({ code }) => code)).toEqual(['pass-interrupted']);
    expect(deeds(next).filter((deed) => !deed.startsWith('nudge:deacon stranded'))).toEqual([]);
    expect(town.livePanes()).toEqual(alive);
    expect((await town.tick(at(22))).actions).toEqual([]);
  });

  it('is not needed for the report and the gate: what was done is remembered, and the status says 74', async () => {
    await killAgent(town, 'gt-a-witness');
    const ended = await town.gt(['tick', '--force', '--json'], {
      ...at(23),
      GT_FAULT: 'json.before-write:4:throw:ENOSPC',
    });
    expect(ended.status).toBe(74);
    expect(town.paneOf('gt-a-witness').dead).toBe(false);
    expect((await town.tick(at(24))).actions).toEqual([]);
  });
});
