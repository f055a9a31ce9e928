import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '../../src/decide/decide.ts';
import type { Config } from '../../src/model/config.ts';
import { known, unknown } from '../../src/model/fact.ts';
import type { Machine } from '../../src/model/machine.ts';
import type { Pane } from '../../src/model/pane.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { firstState } from '../../src/model/state.ts';
import { actionsOf, config, deedsOf, epoch, manner, minutes, noteOf, rig } from './given.ts';
import { dead, hookedOn, life, townAt } from './recovery.ts';

const gigabyte = 1024 ** 3;
const limits = { maxLoadPerCpu: 4, minFreeMemory: gigabyte };
const guarded: Config = { ...config, tick: { ...config.tick, keep: ['mayor'], machine: limits } };
const calm: Machine = { loadPerCpu: known(0.5), freeMemory: known(8 * gigabyte) };
const loaded: Machine = { ...calm, loadPerCpu: known(4.26) };
const full: Machine = { ...calm, freeMemory: known(300 * 1024 ** 2) };

const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const rigs = names.map((name) => rig(name, { polecats: ['toast'] }));
const workers = names.map((name) => `${name}/polecats/toast`);
const hooked = known(workers.map((agent) => hookedOn(agent, { id: `gt-${agent}` })));
const gone = Object.fromEntries(
  ['deacon', ...names.map((name) => `${name}/witness`), ...workers].map((id): [string, null] => [id, null]),
);

/** Nobody runs, everybody should. */
const cold = (elapsed: number, machine: Machine = calm): Snapshot =>
  townAt(elapsed, gone, { rigs: known(rigs), hooked, machine });
/** One rig, and this became of its agents. */
const townOf = (
  elapsed: number,
  otherwise: Readonly<Record<string, Partial<Pane> | null>>,
  machine: Machine,
  more: Partial<Snapshot> = {},
) => townAt(elapsed, otherwise, { machine, ...more });
const decideAbout = (snapshot: Snapshot, how = guarded) => decide(snapshot, firstState, how, manner);

describe('F79: a cold start of eight rigs', () => {
  it('starts at most five agents a pass, infrastructure first, and ends with everybody', () => {
    const town = life(undefined, guarded);
    const started: string[] = [];
    for (let minute = 0; minute < 12; minute += 1) {
      const there = Object.fromEntries(
        Object.keys(gone).flatMap((id): [string, null][] => (started.includes(id) ? [] : [[id, null]])),
      );
      const snapshot = townAt(minutes(minute), there, { rigs: known(rigs), hooked, machine: calm });
      const starts = deedsOf(town.pass(snapshot)).flatMap(({ kind, agent }) =>
        kind === 'start' ? [agent] : [],
      );
      expect(starts.length).toBeLessThanOrEqual(5);
      for (const agent of starts) if (!started.includes(agent)) started.push(agent);
    }
    expect(started.slice(0, 2)).toEqual(['deacon', 'mayor']);
    expect(started.slice(2, 10)).toEqual(names.map((name) => `${name}/witness`));
    expect(started.slice(10)).toEqual(workers);
  });

  it.each([
    ['its load is above the limit', loaded, { load_per_cpu: 4.3, max_load_per_cpu: 4 }],
    ['too little memory is free', full, { free_memory: '300 MB', min_free_memory: '1024 MB' }],
  ])('starts nobody but the deacon and the mayor while %s, and says why', (_, machine, evidence) => {
    const plan = decideAbout(cold(minutes(10), machine));
    expect(actionsOf(plan)).toEqual([
      'start:deacon because session-absent',
      'start:mayor because session-absent',
    ]);
    // Work on a hook whose polecat nobody has seen yet may still be in the making.
    expect(noteOf(plan, 'a/polecats/toast')).toBe('spawning');
    expect(plan.notes.filter(({ rule }) => rule === 'overload')).toEqual(
      names.map((name) => ({
        agent: `${name}/witness`,
        rule: 'overload',
        why: 'overloaded',
        evidence: { ...evidence, postponed: 'start' },
      })),
    );
    expect(plan.warnings).toEqual([
      {
        code: 'overloaded',
        message: expect.stringMatching(/^The machine is overloaded: .*; 8 agents wait for that to end\.$/),
      },
    ]);
    expect(plan.intervalSeconds).toBe(60);
  });

  it('goes on where it stopped as soon as there is room, without a wait of its own', () => {
    const town = life(undefined, guarded);
    for (let minute = 0; minute < 5; minute += 1) town.pass(cold(minutes(minute), loaded));
    expect(town.minutesOf('start', 'a/witness')).toEqual([]);
    expect(town.state().agents['a/witness']?.brake?.attempts ?? 0).toBe(0);
    town.pass(townAt(minutes(5), { ...gone, deacon: {} }, { rigs: known(rigs), hooked, machine: calm }));
    expect(town.minutesOf('start', 'a/witness')).toEqual([5]);
  });
});

describe('F79: on an overloaded machine', () => {
  const toast = 'proj/polecats/toast';

  it('those who died wait, in whatever way they are to come back; the deacon does not', () => {
    const crashed = known([hookedOn(toast)]);
    const shell = { command: 'bash', descendants: known([]), pid: 999 };
    const town = life(undefined, guarded);
    town.pass(townOf(0, {}, calm, { hooked: crashed }));
    for (const minute of [10, 11]) {
      const deaths = { deacon: dead, [toast]: dead, 'proj/witness': shell };
      const plan = town.pass(townOf(minutes(minute), deaths, loaded, { hooked: crashed }));
      if (minute === 10) expect(plan.actions.map(({ id }) => id)).toContain('recreate:deacon');
      expect(noteOf(plan, toast)).toBe('overloaded');
      expect(noteOf(plan, 'proj/witness')).toBe(minute === 10 ? 'first-sighting' : 'overloaded');
    }
    expect(town.minutesOf('recreate', toast)).toEqual([]);
    expect(town.minutesOf('recreate', 'proj/witness')).toEqual([]);
  });

  it('nobody is ended for silence that may be the machine’s', () => {
    const how = {
      ...guarded,
      tick: { ...guarded.tick, work: { ...config.tick.work, last: 'restart' as const } },
    };
    const silent = (elapsed: number, machine: Machine) => {
      const one = townOf(elapsed, { [toast]: { activity: epoch / 1000 } }, machine, {
        hooked: known([hookedOn(toast)]),
      });
      return { ...one, signs: { ...one.signs, [toast]: { stamp: known(null) } } };
    };
    const town = life(undefined, how);
    for (let minute = 0; minute <= 100; minute += 1)
      town.pass(silent(minutes(minute), minute < 90 ? loaded : calm));
    expect(town.minutesOf('kill')).toEqual([90]);
  });

  it('whom a person asked for is started all the same', () => {
    const state = {
      ...firstState,
      intent: {
        pass: 'p',
        at: '2026-03-01T12:00:00.000Z',
        actions: [
          {
            kind: 'start' as const,
            id: 'start:x',
            agent: 'proj/witness',
            session: '',
            why: 'asked',
            evidence: {},
          },
        ],
      },
    };
    const snapshot = townOf(minutes(1), { 'proj/witness': null }, loaded);
    expect(actionsOf(decide(snapshot, state, guarded, manner))).toContain(
      'start:proj/witness because session-absent',
    );
  });

  it('one notice is sent when it lasts, and one when it is over', () => {
    const town = life(undefined, guarded);
    const lost = { 'proj/witness': null };
    for (let minute = 0; minute < 60; minute += 1)
      town.pass(townOf(minutes(minute), lost, minute % 20 < 5 ? loaded : calm));
    expect(town.notices().filter((text) => text.startsWith('overloaded'))).toEqual([]);
    const long = life(undefined, guarded);
    for (let minute = 0; minute < 60; minute += 1) long.pass(townOf(minutes(minute), lost, loaded));
    expect(long.log.at(-1)?.plan.intervalSeconds).toBe(60);
    for (let minute = 60; minute < 90; minute += 1) long.pass(townOf(minutes(minute), {}, calm));
    expect(long.log.at(-1)?.plan.intervalSeconds).toBe(300);
    expect(long.notices().filter((text) => text.startsWith('overloaded'))).toEqual([
      'overloaded opened to overseer',
      'overloaded recovered to overseer',
    ]);
  });
});

describe('F79: nothing waits', () => {
  const free = { maxLoadPerCpu: null, minFreeMemory: null };
  const blind: Machine = { loadPerCpu: unknown('no load'), freeMemory: unknown('no memory') };
  it.each([
    ['where the machine does not tell', blind, limits],
    ['where the limits are off', { loadPerCpu: known(999), freeMemory: known(0) }, free],
    ['at the limits themselves', { loadPerCpu: known(4), freeMemory: known(gigabyte) }, limits],
  ])('%s', (_, machine, machineLimits) => {
    const how = { ...guarded, tick: { ...guarded.tick, machine: machineLimits } };
    expect(deedsOf(decideAbout(cold(minutes(10), machine), how))).toHaveLength(5);
  });

  it('where nobody looked, or an older gt stored the settings', () => {
    const { machine: _, ...unseen } = cold(minutes(10));
    expect(deedsOf(decideAbout(unseen))).toHaveLength(5);
    expect(deedsOf(decideAbout(cold(minutes(10), loaded), config))).toHaveLength(5);
  });
});

it('F79: overload takes starts and ends out of a plan and changes nothing else in it', () => {
  const ids = Object.keys(gone);
  const state = fc.constantFrom<Partial<Pane> | null>(
    null,
    dead,
    { command: 'bash', descendants: known([]) },
    {},
  );
  const wide = {
    ...guarded,
    tick: { ...guarded.tick, budgets: { starts: 99, kills: 99, nudges: 99, passMs: 1 } },
  };
  fc.assert(
    fc.property(
      fc.array(state, { minLength: ids.length, maxLength: ids.length }),
      fc.boolean(),
      (states, isFull) => {
        const there = Object.fromEntries(
          ids.flatMap((id, index): [string, Partial<Pane> | null][] => [[id, states[index] ?? null]]),
        );
        const seen = (machine: Machine) =>
          decideAbout(townAt(minutes(10), there, { rigs: known(rigs), hooked, machine }), wide);
        const plain = seen(calm);
        const eased = seen(isFull ? full : loaded);
        const essential = deedsOf(plain).filter(
          ({ agent, kind }) =>
            agent === 'deacon' || agent === 'mayor' || !['start', 'recreate', 'kill'].includes(kind),
        );
        expect(deedsOf(eased)).toEqual(essential);
        expect(eased.findings).toEqual(plain.findings);
        expect(eased.notes.filter(({ rule }) => rule === 'overload')).toHaveLength(
          deedsOf(plain).length - essential.length,
        );
      },
    ),
    { numRuns: 100 },
  );
});
