import { describe, expect, it } from 'vitest';
import { known, unknown } from '../../src/model/fact.ts';
import { firstState, noMemory, type State } from '../../src/model/state.ts';
import {
  actionsOf,
  carryOut,
  decideOn,
  deedsOf,
  epoch,
  minutes,
  noteOf,
  paneOf,
  rig,
  running,
  snapshotAt,
  town,
} from './given.ts';

const deacon = () => paneOf('deacon', 'gt-deacon');
const witness = (more = {}) => paneOf('proj/witness', 'gt-proj-witness', more);

describe('what should run', () => {
  it('a fresh town gets its deacon and one witness per rig', () => {
    const plan = decideOn(snapshotAt(0, [rig('a'), rig('b')]));
    expect(actionsOf(plan)).toEqual([
      'start:deacon because session-absent',
      'start:a/witness because session-absent',
      'start:b/witness because session-absent',
    ]);
  });

  it('mayor and refineries run only where the configuration keeps them', async () => {
    const { config, manner } = await import('./given.ts');
    const { decide } = await import('../../src/decide/decide.ts');
    const keeping = { ...config, tick: { ...config.tick, keep: ['mayor', 'refinery'] as const } };
    const plan = decide(snapshotAt(0, [rig('a')]), firstState, keeping, manner);
    expect(plan.actions.map((action) => action.agent)).toEqual([
      'deacon',
      'mayor',
      'a/witness',
      'a/refinery',
    ]);
  });

  it('a town where all is well gets nothing', () => {
    const plan = decideOn(snapshotAt(0, [rig('proj')], { tmux: running(deacon(), witness()) }));
    expect(deedsOf(plan)).toEqual([]);
    expect(plan.exit).toBe(0);
  });

  it('a dead pane gets a new agent in place at first sight, and how the old one ended is remembered', () => {
    const dead = witness({ dead: { status: 3, signal: null, at: epoch / 1000 } });
    const plan = decideOn(snapshotAt(0, [rig('proj')], { tmux: running(deacon(), dead) }));
    expect(actionsOf(plan)).toEqual(['recreate:proj/witness because pane-dead']);
    expect(plan.actions[0]).toMatchObject({ pane: dead.pane, panePid: dead.pid, evidence: { status: 3 } });
    expect(plan.state.agents['proj/witness']?.lastDeath).toEqual({
      at: '2026-03-01T12:00:00.000Z',
      status: 3,
      signal: null,
    });
  });

  it('workers are never started by this rule, dead or absent', () => {
    const dead = paneOf('proj/polecats/nux', 'gt-proj-nux', { dead: { status: 1, signal: null, at: null } });
    const plan = decideOn(
      snapshotAt(0, [rig('proj', { crew: ['max'], polecats: ['nux'] })], {
        tmux: running(deacon(), witness(), dead),
      }),
    );
    expect(deedsOf(plan)).toEqual([]);
  });

  it('a program that is nowhere to be found is named, and nothing is started for it', () => {
    const snapshot = snapshotAt(0, []);
    const missing = { runtime: 'claude', program: 'claude', found: null, processes: ['claude'] };
    const plan = decideOn({ ...snapshot, programs: { deacon: missing } });
    expect(deedsOf(plan)).toEqual([]);
    expect(plan.exit).toBe(69);
    expect(plan.warnings.map((warning) => warning.message).join()).toContain(
      'claude is not on the search path',
    );
  });
});

describe('a bare shell in the place of an agent (F52)', () => {
  const shell = (more = {}) =>
    witness({ pane: '%9', pid: 5, command: 'bash', descendants: known([]), ...more });
  const seen = (elapsed: number, state = firstState, more = {}) =>
    decideOn(snapshotAt(elapsed, [rig('proj')], { tmux: running(deacon(), shell(more)) }), state);

  it('is believed at the second sighting, and looked at again at the next call', () => {
    const first = seen(0);
    expect(deedsOf(first)).toEqual([]);
    expect(noteOf(first, 'proj/witness')).toBe('first-sighting');
    expect(first.intervalSeconds).toBe(60);
    const second = seen(minutes(1), carryOut(first, firstState));
    expect(actionsOf(second)).toEqual(['recreate:proj/witness because bare-shell']);
  });

  it('starts counting again when the agent was seen in between', () => {
    const once = carryOut(seen(0), firstState);
    const well = decideOn(
      snapshotAt(minutes(1), [rig('proj')], { tmux: running(deacon(), witness()) }),
      once,
    );
    expect(deedsOf(seen(minutes(7), carryOut(well, once)))).toEqual([]);
  });

  it('is left alone while somebody is attached and may be typing', () => {
    const once = carryOut(seen(0), firstState);
    const plan = seen(minutes(1), once, { attached: 1 });
    expect(deedsOf(plan)).toEqual([]);
    expect(noteOf(plan, 'proj/witness')).toBe('attached');
  });

  it('is no zombie when something runs below the shell, by whatever name (F02)', () => {
    const below = { descendants: known([{ pid: 6, command: 'wen' }]) };
    const plan = seen(minutes(1), carryOut(seen(0, firstState, below), firstState), below);
    expect(deedsOf(plan)).toEqual([]);
    expect(plan.findings.find((found) => found.agent === 'proj/witness')?.liveness).toMatchObject({
      is: 'alive',
      command: 'wen',
      recognised: false,
    });
  });

  it('is unknown when nobody could look below the shell', () => {
    const blind = { descendants: unknown('/proc is not readable') };
    const plan = seen(minutes(1), carryOut(seen(0, firstState, blind), firstState), blind);
    expect(deedsOf(plan)).toEqual([]);
    expect(noteOf(plan, 'proj/witness')).toBe('unknown');
  });
});

describe('liveness never hangs on a name (F02)', () => {
  it.each(['2.1.7', 'wen', 'bun', 'vim', 'node'])('a pane that runs %s counts as alive', (command) => {
    const plan = decideOn(snapshotAt(0, [rig('proj')], { tmux: running(deacon(), witness({ command })) }));
    expect(deedsOf(plan)).toEqual([]);
    expect(plan.findings.find((found) => found.agent === 'proj/witness')?.liveness.is).toBe('alive');
  });
});

describe('an agent is known by its mark and its process, not by names', () => {
  it('is not started a second time when a person renamed its session', () => {
    const renamed = witness({ session: 'old' });
    const plan = decideOn(snapshotAt(0, [rig('proj')], { tmux: running(deacon(), renamed) }));
    expect(deedsOf(plan)).toEqual([]);
    expect(plan.findings.find((found) => found.agent === 'proj/witness')).toMatchObject({
      session: 'old',
      liveness: { is: 'alive' },
    });
  });

  it('is unknown, not absent, when a person moved its pane to a session of their own', () => {
    const home = witness();
    const before = carryOut(
      decideOn(snapshotAt(0, [rig('proj')], { tmux: running(deacon(), home) })),
      firstState,
    );
    const moved = { ...home, session: 'mine', town: null, agent: null, agentPane: null };
    const plan = decideOn(snapshotAt(minutes(10), [rig('proj')], { tmux: running(deacon(), moved) }), before);
    expect(deedsOf(plan)).toEqual([]);
    expect(noteOf(plan, 'proj/witness')).toBe('unknown');
  });

  it('that is a shell script is never taken for a bare shell', () => {
    const script = witness({ command: 'bash', descendants: known([]), pane: '%7', pid: 71 });
    const born = { at: '2026-03-01T12:00:00.000Z', awake: 0, pane: '%7', panePid: 71, serverPid: 77 };
    let state: State = { ...firstState, agents: { 'proj/witness': { ...noMemory, started: born } } };
    for (const elapsed of [0, minutes(10), minutes(20)]) {
      const plan = decideOn(snapshotAt(elapsed, [rig('proj')], { tmux: running(deacon(), script) }), state);
      expect(plan.actions.filter((action) => action.kind !== 'nudge')).toEqual([]);
      state = carryOut(plan, state);
    }
  });
});

describe('an agent that is a shell script and whose start nobody remembers', () => {
  it('is alive: tmux tells that its pane was started by us, not opened as a shell', () => {
    const script = witness({ command: 'sh', descendants: known([]), launched: true });
    let state: State = firstState;
    for (const elapsed of [0, minutes(10), minutes(20)]) {
      const plan = decideOn(snapshotAt(elapsed, [rig('proj')], { tmux: running(deacon(), script) }), state);
      expect(plan.actions.filter((action) => action.kind !== 'nudge')).toEqual([]);
      state = carryOut(plan, firstState);
    }
  });
});

describe('what is not ours or not known', () => {
  it("another town's session of the same name is never touched (F16)", () => {
    const theirs = witness({ town: '/towns/two', command: 'bash', descendants: known([]) });
    const plan = decideOn(snapshotAt(0, [rig('proj')], { tmux: running(deacon(), theirs) }));
    expect(deedsOf(plan)).toEqual([]);
    expect(noteOf(plan, 'proj/witness')).toBe('foreign');
    expect(plan.warnings.map((warning) => warning.code)).toEqual(['session-foreign']);
  });

  it('an unmarked session of our name is not ours either', () => {
    const unmarked = witness({
      town: null,
      agent: null,
      agentPane: null,
      dead: { status: 1, signal: null, at: null },
    });
    const plan = decideOn(snapshotAt(0, [rig('proj')], { tmux: running(deacon(), unmarked) }));
    expect(deedsOf(plan)).toEqual([]);
  });

  it('tmux that does not answer means unknown for everybody and nothing done (F13)', () => {
    const plan = decideOn(snapshotAt(0, [rig('proj')], { tmux: unknown('tmux did not answer within 10 s') }));
    expect(deedsOf(plan)).toEqual([]);
    expect(new Set(plan.findings.map((found) => found.liveness.is))).toEqual(new Set(['unknown']));
  });

  it("an agent whose own pane is gone is unknown while a person's split pane keeps the session (F48)", () => {
    const split = { ...witness({ command: 'htop' }), agentPane: '%4711' };
    const plan = decideOn(snapshotAt(0, [rig('proj')], { tmux: running(deacon(), split) }));
    expect(deedsOf(plan)).toEqual([]);
    expect(noteOf(plan, 'proj/witness')).toBe('unknown');
  });

  it('an agent that moved to another pane of its session is found again by its program (F84)', () => {
    const moved = { ...witness(), agentPane: '%4711' };
    const plan = decideOn(snapshotAt(0, [rig('proj')], { tmux: running(deacon(), moved) }));
    expect(plan.findings.find((found) => found.agent === 'proj/witness')?.liveness).toMatchObject({
      is: 'alive',
      pane: moved.pane,
    });
  });

  it("looks at the agent's own pane, wherever the person's focus is (F48)", () => {
    const agentPane = witness();
    const editor = { ...witness({ command: 'bash', descendants: known([]) }), agentPane: agentPane.pane };
    const plan = decideOn(snapshotAt(0, [rig('proj')], { tmux: running(deacon(), editor, agentPane) }));
    expect(deedsOf(plan)).toEqual([]);
  });

  it('while the rigs cannot be read, what we know of their agents is kept (F71)', () => {
    const healthy = decideOn(snapshotAt(0, [rig('proj')], { tmux: running(deacon(), witness()) }));
    const before = carryOut(healthy, firstState);
    const blind = snapshotAt(minutes(5), [], {
      rigs: unknown('mayor/rigs.json is not JSON'),
      tmux: running(deacon(), witness()),
    });
    const plan = decideOn(blind, before);
    expect(deedsOf(plan)).toEqual([]);
    expect(plan.exit).toBe(1);
    expect(plan.state.rigs).toEqual(['proj']);
    expect(plan.state.agents['proj/witness']).toEqual(before.agents['proj/witness']);
  });
});

describe('holds', () => {
  const hold = (target: string, kind: 'hold' | 'parked' | 'estop' = 'hold') =>
    known([{ target, kind, reason: 'moving house', by: 'ana', since: null, until: null }]);

  it.each([
    ['the whole town', '*', []],
    ['one rig', 'a', ['deacon', 'b/witness']],
    ['one agent', 'deacon', ['a/witness', 'b/witness']],
  ])('on %s keep exactly what they cover from being started', (_, target, started) => {
    const plan = decideOn(snapshotAt(0, [rig('a'), rig('b')], { holds: hold(target) }));
    expect(plan.actions.map((action) => action.agent)).toEqual(started);
  });

  it('an ESTOP also keeps silent agents from being nudged', () => {
    const silent = snapshotAt(minutes(60), [], { tmux: running(deacon()), holds: hold('*', 'estop') });
    const plan = decideOn(
      silent,
      carryOut(decideOn(snapshotAt(0, [], { tmux: running(deacon()) })), firstState),
    );
    expect(deedsOf(plan)).toEqual([]);
    expect(noteOf(plan, 'deacon')).toBe('estop');
  });

  it('that cannot be read count as held', () => {
    const plan = decideOn(snapshotAt(0, [rig('a')], { holds: unknown('daemon/holds.json is torn') }));
    expect(deedsOf(plan)).toEqual([]);
    expect(plan.exit).toBe(1);
  });
});

describe('budgets', () => {
  it('a cold start is paced: five starts, the deacon first, the rest at the next call, one warning', () => {
    const rigs = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name) => rig(name));
    const plan = decideOn(snapshotAt(0, rigs));
    expect(plan.actions.map((action) => action.agent)).toEqual([
      'deacon',
      'a/witness',
      'b/witness',
      'c/witness',
      'd/witness',
    ]);
    expect(plan.notes.filter((note) => note.why === 'budget')).toHaveLength(4);
    expect(plan.warnings.map((warning) => warning.code)).toEqual(['budget-reached']);
    expect(plan.intervalSeconds).toBe(60);
  });
});

describe('obstacles', () => {
  it('a living Go daemon in the town stops the whole pass', () => {
    const obstacle = { code: 'go-daemon' as const, message: 'a Go daemon runs here', exit: 75 };
    const plan = decideOn(snapshotAt(0, [rig('a')], { obstacles: [obstacle] }));
    expect(deedsOf(plan)).toEqual([]);
    expect(plan.exit).toBe(75);
  });
});

describe('an interrupted pass', () => {
  it('is named once, and an agent it had started counts as newborn, not as one that has been silent for hours', () => {
    const cut = decideOn(snapshotAt(0, [], {})).state;
    expect(cut.intent?.actions).toHaveLength(1);
    const next = snapshotAt(minutes(60), [], {
      tmux: running(deacon()),
      signs: { deacon: { stamp: known(epoch - minutes(300)) } },
    });
    const plan = decideOn(next, cut);
    expect(deedsOf(plan)).toEqual([]);
    expect(plan.warnings.map((warning) => warning.code)).toEqual(['pass-interrupted']);
    expect(noteOf(plan, 'deacon')).toBe('newborn');
    expect(decideOn({ ...next, now: { ...next.now } }, carryOut(plan, cut)).warnings).toEqual([]);
  });
});

describe('the whole plan', () => {
  it('is the same for the same input', () => {
    const input = snapshotAt(0, [rig('a', { polecats: ['x'] })], { tmux: running(deacon()) });
    expect(decideOn(input)).toEqual(decideOn(structuredClone(input)));
  });

  it('is plain JSON', () => {
    const plan = decideOn(snapshotAt(0, [rig('a')]));
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
    expect(plan.state.home).toBeNull();
    expect(town).toBe('/towns/one');
  });
});
