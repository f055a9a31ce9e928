import { describe, expect, it } from 'vitest';
import { resetAgent } from '../../src/decide/reset.ts';
import { settleStart } from '../../src/decide/settle-memory.ts';
import { noBrake } from '../../src/model/brake.ts';
import { known } from '../../src/model/fact.ts';
import { noMemory } from '../../src/model/state.ts';
import { config, hours, messageWith, minutes, noteOf, rig } from './given.ts';
import { dead, life, townAt } from './recovery.ts';

const witness = 'proj/witness';
const polecatGone = { 'proj/polecats/toast': null };

/** Its process ends at once each time: its pane is dead at every look. */
const dying = (elapsed: number) => townAt(elapsed, { ...polecatGone, [witness]: dead });
const well = (elapsed: number) => townAt(elapsed, polecatGone);

/** Passes whenever one is due, for `span`, minute by minute. */
function liveOn(town: ReturnType<typeof life>, from: number, span: number, at = dying): void {
  let due = from;
  for (let elapsed = from; elapsed <= from + span; elapsed += minutes(1)) {
    if (elapsed < due) continue;
    const plan = town.pass(at(elapsed));
    due = elapsed + plan.intervalSeconds * 1000;
  }
}

describe('an agent that dies at once', () => {
  it('F07: is started at 0, 30 s, 1 and 2 minutes, then the breaker opens; one alert', () => {
    const town = life();
    town.pass(well(0));
    liveOn(town, minutes(60), minutes(59));
    expect(town.minutesOf('recreate')).toEqual([60, 61, 62, 64]);
    expect(town.notices()).toEqual(['crash-loop:proj/witness opened to overseer']);
  });

  it('F09: gets one probe after an hour of awake time, the next after two, then four', () => {
    const town = life();
    town.pass(well(0));
    liveOn(town, minutes(60), hours(20));
    const starts = town.minutesOf('recreate').slice(4);
    expect(starts.slice(0, 4)).toEqual([125, 246, 487, 728]);
    expect(town.notices().filter((notice) => notice.includes('opened'))).toHaveLength(1);
  });

  it('F09: a probe that lives for half an hour closes the breaker, and the next death is met at once', () => {
    const town = life();
    town.pass(well(0));
    liveOn(town, minutes(60), minutes(65));
    expect(town.minutesOf('recreate').at(-1)).toBe(125);
    const alive = (elapsed: number) =>
      townAt(elapsed, { ...polecatGone, [witness]: { pid: 4000, pane: '%9', agentPane: '%9' } });
    liveOn(town, minutes(126), minutes(40), alive);
    expect(town.state().agents[witness]?.brake).toBeNull();
    expect(town.notices()).toEqual([
      'crash-loop:proj/witness opened to overseer',
      'crash-loop:proj/witness recovered to overseer',
    ]);
    expect(town.pass(dying(minutes(170))).actions.map(({ kind }) => kind)).toEqual(['recreate']);
  });

  it('F09: started by a human, it is believed at the next tick', () => {
    const town = life();
    town.pass(well(0));
    liveOn(town, minutes(60), minutes(10));
    expect(town.state().agents[witness]?.brake?.open).not.toBeNull();
    town.pass(townAt(minutes(75), { ...polecatGone, [witness]: { pid: 999 } }));
    expect(town.state().agents[witness]?.brake).toBeNull();
  });

  it('F09: gt reset forgets the brake', () => {
    const town = life();
    town.pass(well(0));
    liveOn(town, minutes(60), minutes(10));
    const reset = life(resetAgent(town.state(), witness));
    expect(reset.pass(dying(minutes(71))).actions.map(({ kind }) => kind)).toContain('recreate');
  });

  it('F08: no path goes around the open breaker, not even its own request', () => {
    const town = life();
    town.pass(well(0));
    liveOn(town, minutes(60), minutes(10));
    const asked = messageWith({
      id: 'm1',
      from: 'proj/witness',
      subject: 'LIFECYCLE: proj/witness requesting cycle',
      body: '{"action":"cycle"}',
      at: new Date(Date.parse('2026-03-01T12:00:00Z') + minutes(70)).toISOString(),
    });
    const plan = town.pass({
      ...dying(minutes(71)),
      keeper: known({ waiting: [asked], claimed: [] }),
      flags: { [witness]: known(['cycle']) },
    });
    expect(plan.actions).toEqual([]);
    expect(noteOf(plan, witness)).toBe('breaker-open');
  });

  it('F07: the brake is spent in the state that is saved before the start', () => {
    const town = life();
    town.pass(well(0));
    const plan = town.pass(dying(minutes(60)));
    expect(plan.state.agents[witness]?.brake).toMatchObject({ attempts: 1, down: false });
    expect(plan.state.agents[witness]?.brake?.lastStart?.awake).toBe(plan.state.clock?.townAwake);
  });

  it('a start that was put off gives its share back and counts its death once', () => {
    const town = life();
    town.pass(well(0));
    town.pass(dying(minutes(60)), () => ({ result: 'skipped', reason: 'held' }));
    expect(town.state().agents[witness]?.brake).toMatchObject({
      attempts: 0,
      deaths: [minutes(60)],
      down: true,
    });
    town.pass(dying(minutes(61)), () => ({ result: 'skipped', reason: 'held' }));
    expect(town.state().agents[witness]?.brake?.deaths).toHaveLength(1);
  });
});

describe('a session that somebody ends by hand', () => {
  const gone = (elapsed: number) => townAt(elapsed, { ...polecatGone, [witness]: null });

  it('F21: is started again once; the second time it is left alone, with the command that ends that', () => {
    const town = life();
    town.pass(well(0));
    expect(town.pass(gone(minutes(40))).actions.map(({ id }) => id)).toEqual([`start:${witness}`]);
    town.pass(townAt(minutes(45), { ...polecatGone, [witness]: { pid: 4000, pane: '%9', agentPane: '%9' } }));
    const second = town.pass(gone(minutes(50)));
    expect(second.actions.filter(({ kind }) => kind !== 'alert')).toEqual([]);
    expect(noteOf(second, witness)).toBe('ended-by-hand');
    expect(town.notices()).toEqual(['ended-by-hand:proj/witness opened to overseer']);
    const [alert] = second.actions;
    expect(alert?.kind === 'alert' && alert.body).toContain('gt reset proj/witness');
  });

  it('F25: two starts that nobody ever sees are not followed by a third', () => {
    const town = life();
    for (let minute = 0; minute < 120; minute += 1) town.pass(gone(minutes(minute)));
    expect(town.minutesOf('start', witness)).toEqual([0, 1]);
  });

  it('is no deed of anybody when its whole tmux server went', () => {
    const town = life();
    town.pass(well(0));
    for (const minute of [40, 60, 80]) {
      const empty = townAt(minutes(minute), polecatGone, {
        tmux: known({ kind: 'absent', socket: '/tmp/tmux-0/test' }),
      });
      town.pass(empty, () => ({ serverPid: 77 + minute }));
    }
    expect(town.state().agents[witness]?.brake?.withheld ?? null).toBeNull();
  });
});

describe('many deaths at once', () => {
  const many = known(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => rig(name)));
  const six = Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => [`${name}/witness`, dead]));

  it('F34: are one incident: paced starts in role order, one alert, no crash counted', () => {
    const town = life();
    town.pass(townAt(0, {}, { rigs: many }));
    const plan = town.pass(townAt(minutes(60), six, { rigs: many }));
    expect(plan.actions.filter(({ kind }) => kind === 'recreate').map(({ agent }) => agent)).toEqual([
      'a/witness',
      'b/witness',
      'c/witness',
      'd/witness',
      'e/witness',
    ]);
    expect(town.notices()).toEqual(['mass-death opened to overseer']);
    const rest = town.pass(townAt(minutes(61), { 'f/witness': dead }, { rigs: many }));
    expect(rest.actions.map(({ id }) => id)).toEqual(['recreate:f/witness']);
    for (const name of ['a', 'f'])
      expect(town.state().agents[`${name}/witness`]?.brake?.deaths ?? []).toEqual([]);
    for (const minute of [62, 67, 72, 77]) town.pass(townAt(minutes(minute), {}, { rigs: many }));
    expect(town.notices()).toEqual(['mass-death opened to overseer', 'mass-death recovered to overseer']);
  });

  it('F34: newborns that die together again and again are crashes all the same', () => {
    const town = life();
    town.pass(townAt(0, {}, { rigs: many }));
    for (let minute = 60; minute < 90; minute += 1) town.pass(townAt(minutes(minute), six, { rigs: many }));
    expect(town.state().agents['a/witness']?.brake?.open).not.toBeNull();
    expect(town.minutesOf('recreate', 'a/witness').length).toBeLessThanOrEqual(5);
  });

  it('F80: after a reboot everybody is started in role order and nobody has crashed', () => {
    const town = life();
    town.pass(townAt(0, {}, { rigs: many }));
    const rebooted = townAt(minutes(60), {}, { rigs: many, tmux: known({ kind: 'absent', socket: '/s' }) });
    const plan = town.pass({
      ...rebooted,
      now: { ...rebooted.now, boot: 'boot-2', awake: 60_000, uptime: 60_000 },
    });
    expect(plan.actions.filter(({ kind }) => kind === 'start')).toHaveLength(5);
    expect(plan.actions[0]?.agent).toBe('deacon');
    const alert = plan.actions.find(({ kind }) => kind === 'alert');
    expect(alert?.kind === 'alert' && alert.body).toContain('the machine was started anew');
    expect(town.state().agents.deacon?.brake?.deaths).toEqual([]);
  });

  it('F34: nobody has died when the store only says so', () => {
    const town = life();
    const hooked = known([{ id: 'w', title: '', agent: 'a/polecats/none', since: null }]);
    town.pass(townAt(0, {}, { rigs: many, hooked }));
    expect(
      town
        .pass(townAt(minutes(5), {}, { rigs: many, hooked }))
        .actions.filter(({ kind, why }) => kind === 'alert' && why === 'mass-death'),
    ).toEqual([]);
  });

  it('F33: a gap of nine hours ends nobody and accuses nobody', () => {
    const town = life();
    town.pass(townAt(0, {}, { rigs: many }));
    const slept = townAt(hours(9), {}, { rigs: many });
    const plan = town.pass({
      ...slept,
      now: { ...slept.now, awake: hours(10) + minutes(5) },
      signs: Object.fromEntries(Object.keys(slept.signs).map((id) => [id, { stamp: known(0) }])),
    });
    expect(plan.actions).toEqual([]);
  });
});

it('F07: brakes have numbers that the settings can change', () => {
  const town = life(undefined, {
    ...config,
    tick: { ...config.tick, brakes: { ...config.tick.brakes, firstMs: minutes(5) } },
  });
  town.pass(well(0));
  for (let minute = 60; minute < 70; minute += 1) town.pass(dying(minutes(minute)));
  expect(town.minutesOf('recreate')).toEqual([60, 65]);
});

describe('a start that failed', () => {
  const now = { at: '2026-03-01T12:00:00.000Z', awake: minutes(1) };
  const settled = (pane: string | null) => {
    const spent = { ...noMemory, brake: { ...noBrake, attempts: 1, lastStart: now } };
    const nowhere = { panePid: null, serverPid: null, serverStarted: null, socket: null };
    const error = 'tmux does not answer';
    const outcome = { action: 'start:a', result: 'failed', error, reason: 'tmux', pane, ...nowhere } as const;
    return settleStart(noMemory, spent, outcome, now).brake;
  };

  it('and started nobody makes no second death of the absence it found', () => {
    expect(settled(null)).toMatchObject({ attempts: 1, down: true });
  });

  it('and did start somebody leaves that death to be counted', () => {
    expect(settled('%9')).toMatchObject({ attempts: 1, down: false });
  });
});
