import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '../../src/decide/decide.ts';
import { settle } from '../../src/decide/settle.ts';
import { known, unknown } from '../../src/model/fact.ts';
import type { Pane } from '../../src/model/pane.ts';
import type { Outcome } from '../../src/model/plan.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { firstState, type State } from '../../src/model/state.ts';
import { agentsOf, sessionOf } from '../../src/town/identity.ts';
import { clockAt, config, deedsOf, epoch, manner, minutes, paneOf, rig, snapshotAt } from './given.ts';

const rigs = [rig('a', { crew: ['max'], polecats: ['nux'] }), rig('b')];
const agents = agentsOf(rigs);

const pane = fc.constantFrom<(Partial<Pane> | 'absent')[]>(
  'absent',
  {},
  { command: '2.1.7' },
  { command: 'bash', descendants: known([]) },
  { command: 'bash', descendants: unknown('not readable') },
  { command: 'bash', descendants: known([{ pid: 9, command: 'claude' }]) },
  { dead: { status: 1, signal: null, at: null } },
  { dead: { status: null, signal: 'KILL', at: epoch / 1000 } },
  { town: '/towns/two' },
  { town: null, agent: null, agentPane: null },
  { agentPane: '%gone', command: 'htop' },
);

/** Any world a pass could meet, at some moment of a long and troubled day. */
const world: fc.Arbitrary<Snapshot> = fc
  .record({
    elapsed: fc.integer({ min: 0, max: minutes(2000) }),
    step: fc.constantFrom(0, 0, 0, -minutes(60), minutes(90)),
    boot: fc.constantFrom('boot-1', 'boot-1', 'boot-2'),
    panes: fc.array(pane, { minLength: agents.length, maxLength: agents.length }),
    tmux: fc.constantFrom('running', 'running', 'running', 'absent', 'unknown'),
    stamps: fc.array(fc.option(fc.integer({ min: epoch - minutes(3000), max: epoch + minutes(3000) })), {
      minLength: agents.length,
      maxLength: agents.length,
    }),
    idle: fc.option(fc.integer({ min: -minutes(10), max: minutes(200) })),
    holds: fc.constantFrom('none', 'none', 'town', 'rig', 'unknown'),
    rigsKnown: fc.boolean(),
    programs: fc.boolean(),
  })
  .map((drawn) => {
    const now = { ...clockAt(drawn.elapsed), boot: drawn.boot };
    const wall = now.wall + drawn.step;
    const panes = agents.flatMap((agent, i) => {
      const kind = drawn.panes[i];
      return kind === undefined || kind === 'absent'
        ? []
        : [paneOf(agent.id, sessionOf(agent), { pane: `%${i}`, ...kind })];
    });
    const base = snapshotAt(drawn.elapsed, rigs);
    const hold = { kind: 'hold' as const, reason: '', by: '', since: null, until: null };
    return {
      ...base,
      now: { ...now, wall },
      tmux:
        drawn.tmux === 'unknown'
          ? unknown('tmux did not answer')
          : drawn.tmux === 'absent'
            ? base.tmux
            : known({ kind: 'running' as const, socket: '/s', pid: 77, started: 1, panes }),
      rigs: drawn.rigsKnown ? base.rigs : unknown('torn'),
      agents: drawn.rigsKnown ? agents : agents.slice(0, 2),
      holds:
        drawn.holds === 'unknown'
          ? unknown('torn')
          : known(drawn.holds === 'none' ? [] : [{ ...hold, target: drawn.holds === 'town' ? '*' : 'a' }]),
      signs: Object.fromEntries(
        agents.flatMap((agent, i) =>
          base.signs[agent.id] === undefined ? [] : [[agent.id, { stamp: known(drawn.stamps[i] ?? null) }]],
        ),
      ),
      activity: known(drawn.idle === null ? null : wall - drawn.idle),
      programs: drawn.programs ? base.programs : {},
    } satisfies Snapshot;
  });

const result = fc.constantFrom<Pick<Outcome, 'result' | 'reason'>[]>(
  { result: 'ok', reason: null },
  { result: 'failed', reason: null },
  { result: 'failed', reason: 'stranded' },
  { result: 'skipped', reason: 'draft' },
);

/** Runs a history of passes; every plan is shown to `check` with the state it was made from. */
function history(
  worlds: readonly Snapshot[],
  results: readonly Pick<Outcome, 'result' | 'reason'>[],
  check: (plan: ReturnType<typeof decide>, snapshot: Snapshot, before: State, careful: boolean) => void,
): State {
  let state = firstState;
  worlds.forEach((snapshot, i) => {
    const careful = i % 5 === 4;
    const plan = decide(snapshot, state, config, { ...manner, careful });
    check(plan, snapshot, state, careful);
    const outcome = results[i % results.length] ?? { result: 'ok', reason: null };
    const outcomes = plan.actions.map((action): Outcome => {
      const place = (action.kind === 'start' || action.kind === 'recreate') && outcome.result === 'ok';
      return {
        action: action.id,
        error: null,
        pane: place ? '%0' : null,
        panePid: place ? 1 : null,
        serverPid: place ? 77 : null,
        serverStarted: place ? 1 : null,
        socket: place ? '/s' : null,
        ...outcome,
      };
    });
    state = settle(state, plan, outcomes, new Date(snapshot.now.wall).toISOString());
  });
  return state;
}

const histories = fc.tuple(
  fc.array(world, { minLength: 1, maxLength: 8 }),
  fc.array(result, { minLength: 1, maxLength: 5 }),
);

describe('over any history of the world', () => {
  it('no living, unknown, foreign, held or unwanted agent is ever started or recreated', () => {
    fc.assert(
      fc.property(histories, ([worlds, results]) => {
        history(worlds, results, (plan, snapshot) => {
          for (const action of deedsOf(plan)) {
            const found = plan.findings.find((finding) => finding.agent === action.agent);
            expect(found?.held).toBe(false);
            expect(snapshot.holds.known).toBe(true);
            if (action.kind === 'nudge') expect(found?.liveness.is).toBe('alive');
            else {
              expect(found?.wanted).toBe(true);
              expect(['absent', 'dead', 'shell']).toContain(found?.liveness.is);
            }
          }
        });
      }),
      { numRuns: 2000 },
    );
  });

  it('every agent gets at most one action, with a reason, within the budgets, and plans are plain JSON', () => {
    fc.assert(
      fc.property(histories, ([worlds, results]) => {
        history(worlds, results, (plan) => {
          const acted = deedsOf(plan).map((action) => action.agent);
          expect(new Set(acted).size).toBe(acted.length);
          expect(deedsOf(plan).filter((action) => action.kind !== 'nudge').length).toBeLessThanOrEqual(5);
          expect(plan.actions.filter((action) => action.kind === 'nudge').length).toBeLessThanOrEqual(20);
          for (const action of plan.actions) expect(action.why).toMatch(/^[a-z-]+$/);
          expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
        });
      }),
      { numRuns: 500 },
    );
  });

  it('the next pass is due between one scheduler step and the longest tier from now, whatever the clocks did', () => {
    fc.assert(
      fc.property(histories, ([worlds, results]) => {
        history(worlds, results, (plan, snapshot) => {
          const ahead = Date.parse(plan.nextDueAt) - snapshot.now.wall;
          expect(ahead).toBeGreaterThanOrEqual(minutes(1));
          expect(ahead).toBeLessThanOrEqual(minutes(60));
        });
      }),
      { numRuns: 1000 },
    );
  });

  it('a careful pass kills nobody and nudges nobody', () => {
    fc.assert(
      fc.property(histories, ([worlds, results]) => {
        history(worlds, results, (plan, _snapshot, _before, careful) => {
          if (!careful) return;
          for (const action of deedsOf(plan)) {
            expect(action.kind).not.toBe('nudge');
            expect(action.why).not.toBe('bare-shell');
          }
        });
      }),
      { numRuns: 1000 },
    );
  });

  it('two nudges to one agent are never closer than the slot, in awake time, unless the first never arrived', () => {
    fc.assert(
      fc.property(fc.array(world, { minLength: 2, maxLength: 10 }), (worlds) => {
        const last = new Map<string, number>();
        const ordered = [...worlds].sort((x, y) => x.now.awake - y.now.awake);
        history(ordered, [{ result: 'ok', reason: null }], (plan) => {
          const awake = plan.state.clock?.townAwake ?? 0;
          for (const action of deedsOf(plan)) {
            if (action.kind !== 'nudge') {
              last.delete(action.agent);
              continue;
            }
            const before = last.get(action.agent);
            if (before !== undefined)
              expect(awake - before).toBeGreaterThanOrEqual(config.tick.poke.slotMs - 30_000);
            last.set(action.agent, awake);
          }
        });
      }),
      { numRuns: 1000 },
    );
  });
});
