import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/model/plan.ts';
import { complaintsOf, eventsOf, newTrouble } from '../../src/show/pass-events.ts';
import { type PassFacts, passReport } from '../../src/show/pass-report.ts';
import { notesText, passText } from '../../src/show/pass-text.ts';
import { plain } from '../../src/show/style.ts';
import { decideOn, epoch, paneOf, rig, running, snapshotAt } from '../decide/given.ts';

const plan = decideOn(snapshotAt(0, [rig('proj')]));
const facts: PassFacts = {
  town: '/towns/one',
  pass: '2026-03-01T12:00:00.000Z-ab12',
  reason: 'first',
  dryRun: false,
  startedAt: new Date(epoch),
  finishedAt: new Date(epoch + 500),
  warnings: [],
  subprocesses: 1,
  exit: 0,
};
const outcome = (action: string, more: Partial<Outcome> = {}): Outcome => ({
  action,
  result: 'ok',
  error: null,
  reason: null,
  pane: '%1',
  panePid: 1,
  serverPid: 1,
  serverStarted: 1,
  socket: 's',
  ...more,
});
const allWell = plan.actions.map(({ id }) => outcome(id));
const nobodyKnows = complaintsOf({ warnings: [], actions: [], notes: [] });

describe('the report of a pass', () => {
  it('has every key that was promised', () => {
    expect(Object.keys(passReport(plan, allWell, facts))).toEqual([
      'schema',
      'town',
      'pass',
      'ran',
      'reason',
      'dry_run',
      'started_at',
      'finished_at',
      'actions',
      'notes',
      'warnings',
      'agents',
      'idle_seconds',
      'interval_seconds',
      'next_due_at',
      'subprocesses',
      'exit',
    ]);
  });

  it('differs between a dry run and the real one only in what became of the actions', () => {
    const strip = ({ actions }: ReturnType<typeof passReport>) =>
      actions.map(({ result: _, error: __, ...rest }) => rest);
    const dry = passReport(plan, null, { ...facts, dryRun: true });
    expect(strip(dry)).toEqual(strip(passReport(plan, allWell, facts)));
    expect(dry.actions.map(({ result }) => result)).toEqual(['planned', 'planned']);
  });

  it('counts agents as the pass left them', () => {
    expect(passReport(plan, null, facts).agents).toEqual({
      alive: 0,
      dead: 0,
      absent: 2,
      unknown: 0,
      held: 0,
    });
    expect(passReport(plan, allWell, facts).agents).toEqual({
      alive: 2,
      dead: 0,
      absent: 0,
      unknown: 0,
      held: 0,
    });
    const half = [outcome('start:deacon'), outcome('start:proj/witness', { result: 'failed', error: 'no' })];
    expect(passReport(plan, half, facts).agents).toMatchObject({
      alive: 1,
      absent: 1,
    });
  });

  it('calls an action that the pass never reached skipped', () => {
    expect(passReport(plan, [], facts).actions.map(({ result }) => result)).toEqual(['skipped', 'skipped']);
  });

  it('takes one line when nothing was done', () => {
    const alive = running(paneOf('deacon', 'gt-deacon'), paneOf('proj/witness', 'gt-proj-witness'));
    const quiet = decideOn(snapshotAt(0, [rig('proj')], { tmux: alive }));
    const text = passText(passReport(quiet, [], facts), new Date(epoch), plain);
    expect(text).toMatch(/^tick ab12: 2 alive; nothing to do, next heartbeat in \d+ min, \d\d:\d\d\n$/);
  });

  it('says to people what was done to whom and why', () => {
    const outcomes = [
      outcome('start:deacon'),
      outcome('start:proj/witness', {
        result: 'failed',
        error: 'it ended at once',
      }),
    ];
    const text = passText(passReport(plan, outcomes, facts), new Date(epoch), plain);
    expect(text).toContain('1 done, 1 failed');
    expect(text).toMatch(/✓ {2}started {2}deacon .*its session is gone/);
    expect(text).toMatch(/✗ {2}start {4}proj\/witness .*its session is gone; it ended at once/);
  });

  it('tells in a dry run why nothing would be done', () => {
    const alive = running(paneOf('deacon', 'gt-deacon'), paneOf('proj/witness', 'gt-proj-witness'));
    const quiet = decideOn(snapshotAt(0, [rig('proj')], { tmux: alive }));
    expect(notesText(passReport(quiet, null, facts), new Date(0), plain)).toContain('deacon');
  });
});

describe('where nobody watches', () => {
  const failing = [
    outcome('start:deacon', { result: 'failed', error: 'no answer for 12 s' }),
    outcome('start:proj/witness'),
  ];
  const first = passReport(plan, failing, {
    ...facts,
    warnings: [{ code: 'x', message: 'proj1 is odd since 3 min' }],
  });

  it('trouble is told when it begins and not again while it lasts', () => {
    expect(newTrouble(first, nobodyKnows)).toHaveLength(2);
    expect(newTrouble(first, complaintsOf(first))).toEqual([]);
  });

  it('an age that grows makes no new trouble, another name does', () => {
    const later = {
      ...first,
      warnings: [{ code: 'x', message: 'proj1 is odd since 4 min' }],
    };
    expect(newTrouble(later, complaintsOf(first))).toEqual([]);
    const other = {
      ...first,
      warnings: [{ code: 'x', message: 'proj2 is odd since 3 min' }],
    };
    expect(newTrouble(other, complaintsOf(first))).toEqual(['proj2 is odd since 3 min']);
  });

  it('success is worth an event and no word', () => {
    const good = passReport(plan, allWell, facts);
    expect(newTrouble(good, nobodyKnows)).toEqual([]);
    expect(eventsOf(good, nobodyKnows, 'now', 'all').map(({ kind, agent }) => `${kind} ${agent}`)).toEqual([
      'start deacon',
      'start proj/witness',
    ]);
  });

  it('a condition is an event when it begins and when it is over', () => {
    const held = {
      ...first,
      actions: [],
      warnings: [],
      notes: [{ agent: 'deacon', rule: 'held', why: 'estop' }],
    };
    const free = { ...held, notes: [] };
    expect(eventsOf(held, nobodyKnows, 'now', 'all').map(({ kind }) => kind)).toEqual(['estop']);
    expect(eventsOf(held, complaintsOf(held), 'now', 'all')).toEqual([]);
    expect(
      eventsOf(free, complaintsOf(held), 'now', 'all').map(({ kind, agent }) => `${kind} ${agent}`),
    ).toEqual(['estop-over deacon']);
  });

  it('between heartbeats nothing is said to begin or to be over: most rules were not asked', () => {
    const quiet = { ...first, actions: [], warnings: [], notes: [] };
    const rules = ['unknown', 'held', 'brake', 'blocked', 'misprimed', 'crash', 'overload'];
    const notes = rules.map((rule) => ({ agent: 'deacon', rule, why: `${rule}-why` }));
    const before = complaintsOf({ ...quiet, notes });
    expect(before.conditions.size).toBe(rules.length);
    expect(eventsOf(quiet, before, 'now', 'lifecycle')).toEqual([]);
    expect(eventsOf({ ...quiet, notes }, nobodyKnows, 'now', 'lifecycle')).toEqual([]);
    expect(eventsOf(quiet, before, 'now', 'all')).toHaveLength(rules.length);
  });

  it('what a pass between heartbeats does, and new warnings of it, are events all the same', () => {
    expect(eventsOf(first, nobodyKnows, 'now', 'lifecycle').map(({ kind }) => kind)).toEqual(
      eventsOf(first, nobodyKnows, 'now', 'all').map(({ kind }) => kind),
    );
  });
});
