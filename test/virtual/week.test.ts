import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordPass } from '../../src/commands/tick/pass-record.ts';
import type { PassReport } from '../../src/model/pass-report.ts';
import { noMemory } from '../../src/model/state.ts';
import { readEvents } from '../../src/persist/events.ts';
import { loadState, saveState } from '../../src/persist/state.ts';
import { complaintsOf, eventsOf } from '../../src/show/pass-events.ts';
import { passReport } from '../../src/show/pass-report.ts';
import { layout } from '../../src/town/layout.ts';
import { happen } from './happenings.ts';
import { liveMinute, newTown } from './history.ts';
import { instantOf, see } from './see.ts';
import { minute, minuteOf, type World, wallOf } from './world.ts';

const week = 7 * 24 * 60;

/** A town that lives on, and whose passes leave on a real disk what the real ones leave there. */
function onDisk(world: World) {
  const root = mkdtempSync(join(tmpdir(), 'gt-week-'));
  const town = layout(root);
  let { kept } = loadState(town);
  let last: PassReport | null = null;
  const record = () => {
    const { ledger, disk, config } = world;
    const plan = ledger.lastPlan;
    if (plan === null || disk.state === null) throw new Error('there was no pass');
    const at = new Date(wallOf(world));
    const report = passReport(plan, [], {
      town: root,
      pass: `${at.toISOString()}-${ledger.passes}`,
      reason: 'due',
      dryRun: false,
      startedAt: at,
      finishedAt: at,
      warnings: [],
      subprocesses: 1,
      exit: plan.exit,
    });
    const before = complaintsOf(last ?? { warnings: [], actions: [], notes: [] });
    last = report;
    kept = saveState(town, disk.state, kept);
    const { failure } = recordPass(town, {
      report,
      events: eventsOf(report, before, at.toISOString(), 'all'),
      document: { report, snapshot: see(world, disk.state), state: disk.state, plan },
      now: instantOf(world),
      dueAt: Date.parse(plan.nextDueAt),
      heartbeat: true,
      tick: config.tick,
    });
    expect(failure).toBeNull();
  };
  return {
    world,
    live: (minutes: number) => {
      for (let i = 0; i < minutes; i += 1) {
        const { passes } = world.ledger;
        liveMinute(world);
        if (world.ledger.passes > passes) record();
      }
    },
    events: () => readEvents(town, 100_000).events.length,
    bytes: () =>
      readdirSync(town.daemonDir, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0),
    close: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** Nobody works, everybody is well, and every file begins as it is after the first hour. */
function quiet(): ReturnType<typeof onDisk> {
  const world = newTown(3, 2, ['mayor', 'refinery']);
  world.activity = (world.activity ?? 0) - 60 * minute;
  const town = onDisk(world);
  town.live(60);
  return town;
}

describe('F75: a week at one call a minute', { timeout: 120_000 }, () => {
  let town: ReturnType<typeof onDisk>;
  beforeAll(() => {
    town = quiet();
  });
  afterAll(() => town.close());

  it('adds nothing to the log of a quiet town, and two hundred passes of it are all that is kept besides', () => {
    const { passes } = town.world.ledger;
    const before = town.events();
    town.live(week);
    expect(town.world.ledger.violations).toEqual([]);
    expect(town.world.ledger.passes - passes).toBeLessThanOrEqual(week / 60 + 1);
    expect(town.events()).toBe(before);
    expect(town.bytes()).toBeLessThan(8 * 1024 * 1024);
  });

  it('says of a trouble that lasts two days that it began, once a day that it lasts, and that it is over', () => {
    const { world } = town;
    const events = town.events();
    const notices = world.ledger.notices.length;
    happen(world, { at: 0, who: 0, lasts: 2 * 24 * 60 + 30, is: 'broken', probe: 'tmux' });
    town.live(3 * 24 * 60);
    expect(world.ledger.notices.slice(notices).map(({ notice }) => notice)).toEqual([
      'opened',
      'reminder',
      'reminder',
      'recovered',
    ]);
    // The notices, and each agent that cannot be told once when that begins and once when it ends.
    expect(town.events() - events).toBeLessThanOrEqual(4 + 2 * world.agents.length + 4);
    expect(town.bytes()).toBeLessThan(8 * 1024 * 1024);
  });

  it('says of a hold that lasts two days that it began, and that it is over', () => {
    const { world } = town;
    const events = town.events();
    happen(world, { at: 0, who: 0, lasts: 2 * 24 * 60, is: 'hold', scope: 'town' });
    town.live(3 * 24 * 60);
    expect(town.events() - events).toBeGreaterThanOrEqual(world.agents.length);
    expect(town.events() - events).toBeLessThanOrEqual(2 * world.agents.length);
  });
});

describe('F74: what is due once a day', () => {
  it('is done once a day, however often the tick is called and wherever it is cut short', {
    timeout: 120_000,
  }, () => {
    const world = newTown(1, 0, []);
    for (let i = 0; i < 10; i += 1) liveMinute(world);
    const { state } = world.disk;
    if (state === null) throw new Error('there was no pass');
    // A deacon that somebody ended by hand twice: a condition that lasts.
    const brake = { ...withheld, withheld: new Date(wallOf(world)).toISOString() };
    const memory = state.agents.deacon ?? noMemory;
    world.disk.state = { ...state, agents: { ...state.agents, deacon: { ...memory, brake } } };
    for (const pane of world.server?.panes.filter(({ agent }) => agent === 'deacon') ?? [])
      world.server?.panes.splice(world.server.panes.indexOf(pane), 1);
    const from = minuteOf(world);
    world.busy = true;
    for (let i = 0; i < 3 * 24 * 60 + 60; i += 1) {
      // The tick of whichever pass has something to do is killed after each of its steps in turn.
      world.next = { ...world.next, crash: 1 + (i % 6) };
      liveMinute(world);
    }
    expect(world.ledger.violations).toEqual([]);
    expect(world.ledger.crashes).toBeGreaterThan(4);
    expect(
      world.ledger.notices.map(({ notice, minute: at }) => [notice, Math.round((at - from) / 1440)]),
    ).toEqual([
      ['opened', 0],
      ['reminder', 1],
      ['reminder', 2],
      ['reminder', 3],
    ]);
  });
});

const withheld = {
  attempts: 2,
  lastStart: null,
  deaths: [],
  down: true,
  open: null,
  probing: false,
  vanished: [],
  requested: [],
  failure: null,
} as const;
