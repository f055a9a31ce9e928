import { describe, expect, it } from 'vitest';
import { known, unknown } from '../../src/model/fact.ts';
import type { PassReport } from '../../src/model/pass-report.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { firstState, noMemory } from '../../src/model/state.ts';
import { noPassReport } from '../../src/show/no-pass.ts';
import { type StatusSources, townStatus } from '../../src/show/status.ts';
import { statusDocument } from '../../src/show/status-document.ts';
import { statusText } from '../../src/show/status-text.ts';
import { plain } from '../../src/show/style.ts';
import { decideOn, epoch, minutes, paneOf, rig, running, snapshotAt } from '../decide/given.ts';

const rigs = [rig('proj', { crew: ['max'], polecats: ['Toast'] })];
const everybody = running(paneOf('deacon', 'gt-deacon'), paneOf('proj/witness', 'gt-proj-witness'));

const passAt = (ago: number, more: Partial<PassReport> = {}): PassReport => ({
  ...noPassReport('/towns/one', 'due', new Date(epoch + minutes(3)), 0),
  pass: 'pass-0',
  ran: true,
  started_at: new Date(epoch - ago).toISOString(),
  finished_at: new Date(epoch - ago).toISOString(),
  interval_seconds: 300,
  ...more,
});

function statusOf(more: Partial<Snapshot> = {}, sources: Partial<StatusSources> = {}) {
  const snapshot = snapshotAt(0, rigs, { tmux: everybody, ...more });
  return townStatus({
    name: 'one',
    root: '/towns/one',
    now: new Date(epoch),
    snapshot,
    state: firstState,
    plan: decideOn(snapshot),
    last: passAt(minutes(2)),
    nextDueAt: new Date(epoch + minutes(3)),
    atWork: null,
    warnings: [],
    ...sources,
  });
}

const text = (...given: Parameters<typeof statusOf>): string => statusText(statusOf(...given), plain);

describe('the health of a town', () => {
  it('is healthy when everybody who should run does, and the heartbeat does too', () => {
    expect(statusOf().health).toBe('healthy');
  });

  it.each([
    [minutes(15), 'healthy'],
    [minutes(15) + 1, 'late'],
  ])('is late when the last pass is older than three intervals: %d ms', (ago, health) => {
    expect(statusOf({}, { last: passAt(ago) }).health).toBe(health);
  });

  it('is late where no pass has ever run', () => {
    expect(statusOf({}, { last: null }).health).toBe('late');
    expect(text({}, { last: null })).toContain('no pass has run here');
  });

  it('is degraded while somebody who should run does not, and names him', () => {
    const alone = running(paneOf('deacon', 'gt-deacon'));
    expect(statusOf({ tmux: alone }).health).toBe('degraded');
    expect(text({ tmux: alone })).toMatch(
      /✗ {2}proj\/witness {2}no session gt-proj-witness {2}since 0 s ago/,
    );
    expect(text({ tmux: alone })).toMatch(/next pass\n {2}· {2}start {2}proj\/witness/);
  });

  it('is degraded while a store is silent, even before a pass has met it (F23)', () => {
    expect(statusOf({ hooked: unknown('bd timed out') }).health).toBe('degraded');
    expect(statusOf({ silentRigs: ['proj'] }).health).toBe('degraded');
  });

  it('is degraded when the last pass was not in order', () => {
    expect(statusOf({}, { last: passAt(minutes(2), { exit: 1 }) }).health).toBe('degraded');
  });

  it('is unknown when the town cannot be seen, and never calls anybody dead (F77)', () => {
    for (const blind of [
      { tmux: unknown('no answer') },
      { rigs: unknown('torn') },
      { holds: unknown('torn') },
    ]) {
      expect(statusOf(blind).health).toBe('unknown');
    }
    expect(text({ tmux: unknown('no answer') })).not.toContain('✗');
  });

  it('does not blame agents that are held, and tells by whom, why, since when and until when', () => {
    const hold = {
      target: 'proj',
      kind: 'parked',
      by: 'ann',
      reason: 'review',
      since: new Date(epoch - minutes(60)).toISOString(),
      until: null,
    } as const;
    const held = { tmux: running(paneOf('deacon', 'gt-deacon')), holds: known([hold]) };
    expect(statusOf(held).health).toBe('healthy');
    expect(text(held)).toMatch(
      /holds\n {2}‖ {2}proj {2}parked by ann: review {2}since 1 h ago, .*until somebody ends it/,
    );
  });

  it('leads with the heartbeat (F66)', () => {
    expect(text().split('\n')[1]).toMatch(/^heartbeat {2}on time: last pass 2 min ago, .*; next in 3 min/);
    expect(text({}, { last: passAt(minutes(600)) }).split('\n')[1]).toMatch(/^heartbeat {2}LATE/);
  });

  it('fits on a screen however many agents there are', () => {
    const many = Array.from({ length: 300 }, (_, index) => rig(`r${index}`));
    const panes = [
      paneOf('deacon', 'gt-deacon'),
      ...many.map(({ name }) => paneOf(`${name}/witness`, `gt-${name}-witness`)),
    ];
    const snapshot = snapshotAt(0, many, { tmux: running(...panes) });
    const status = statusOf({}, { snapshot, plan: decideOn(snapshot) });
    expect(statusText(status, plain).split('\n').length).toBeLessThan(24);
  });
});

describe('the status as a document', () => {
  const document = JSON.parse(
    JSON.stringify(statusDocument(statusOf(), rigs, () => ({ hasWitness: true, hasRefinery: false }), null)),
  );

  it("has upstream's keys at every place", () => {
    expect(Object.keys(document)).toEqual(
      expect.arrayContaining(['name', 'location', 'agents', 'rigs', 'summary']),
    );
    expect(
      document.agents.map((agent: { address: string; role: string }) => [agent.address, agent.role]),
    ).toEqual([
      ['mayor/', 'coordinator'],
      ['deacon/', 'health-check'],
    ]);
    for (const agent of [...document.agents, ...document.rigs[0].agents]) {
      expect(Object.keys(agent)).toEqual(
        expect.arrayContaining(['name', 'address', 'session', 'role', 'running', 'has_work', 'unread_mail']),
      );
    }
    expect(document.rigs[0]).toMatchObject({
      name: 'proj',
      polecats: ['Toast'],
      polecat_count: 1,
      crews: ['max'],
      crew_count: 1,
      has_witness: true,
      has_refinery: false,
    });
    expect(document.rigs[0].hooks).toContainEqual({ agent: 'proj/Toast', role: 'polecat', has_work: false });
    expect(document.summary).toEqual({
      rig_count: 1,
      polecat_count: 1,
      crew_count: 1,
      witness_count: 1,
      refinery_count: 0,
      active_hooks: 0,
    });
  });

  it('tells what mail waits for people and agents, and null where the store does not say', () => {
    const places = () => ({ hasWitness: true, hasRefinery: false });
    const found = { waiting: { overseer: 2, mayor: 1, 'proj/max': 3 }, subjects: { 'proj/max': 'red' } };
    const told = statusDocument(statusOf({}, { mail: found }), rigs, places, null);
    expect(told).toMatchObject({
      overseer: { name: 'overseer', unread_mail: 2 },
      agents: [{ unread_mail: 1 }, { unread_mail: 0 }],
      rigs: [
        {
          agents: expect.arrayContaining([
            expect.objectContaining({ name: 'max', unread_mail: 3, first_subject: 'red' }),
          ]),
        },
      ],
    });
    const silent = statusDocument(
      statusOf({ keeper: unknown('silent') }, { mail: null }),
      rigs,
      places,
      null,
    );
    expect(silent).toMatchObject({ overseer: { unread_mail: null }, agents: [{ unread_mail: null }, {}] });
    expect(text({}, { mail: found })).toContain(
      'mail       2 unread for the overseer: gt mail inbox overseer',
    );
    expect(text({}, { mail: { waiting: {} } })).not.toContain('overseer');
    expect(text({}, { mail: null })).toContain('unknown whether any waits for the overseer');
  });

  it('writes empty lists, never null', () => {
    const bare = [rig('empty')];
    const snapshot = snapshotAt(0, bare);
    const status = statusOf({}, { snapshot, plan: decideOn(snapshot) });
    const printed = JSON.stringify(
      statusDocument(status, bare, () => ({ hasWitness: false, hasRefinery: false }), null),
    );
    expect(printed).toContain('"polecats":[],"polecat_count":0,"crews":[]');
  });

  it('marks every agent with when it was looked at, and what cannot be told with null (F77)', () => {
    const blind = statusOf({ tmux: unknown('no answer') });
    const told = JSON.parse(
      JSON.stringify(statusDocument(blind, rigs, () => ({ hasWitness: true, hasRefinery: true }), null)),
    );
    for (const agent of [...told.agents, ...told.rigs[0].agents]) {
      expect(agent).toMatchObject({
        alive: null,
        running: false,
        observed_at: new Date(epoch).toISOString(),
      });
    }
  });
});

describe('messages that were put off', () => {
  const deferrals = { count: 3, reason: 'draft', since: new Date(epoch - minutes(4)).toISOString() };
  const plan = decideOn(snapshotAt(0, rigs, { tmux: everybody }));
  const memory = plan.state.agents.deacon ?? noMemory;
  const agents = { ...plan.state.agents, deacon: { ...memory, deferrals } };
  const put = statusOf({}, { plan: { ...plan, state: { ...plan.state, agents } } });

  it('are counted, with what stands in their way and since when', () => {
    expect(statusText(put, plain)).toMatch(/put off\n.*deacon +3× +somebody's unsent text .* since /);
    const places = () => ({ hasWitness: true, hasRefinery: true });
    expect(statusDocument(put, rigs, places, null)).toMatchObject({
      agents: [
        { id: 'mayor', deferrals: null },
        { id: 'deacon', deferrals },
      ],
    });
  });

  it('take no line where there are none', () => {
    expect(text()).not.toContain('put off');
  });
});
