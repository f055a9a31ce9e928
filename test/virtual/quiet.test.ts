import { describe, expect, it } from 'vitest';
import { happen } from './happenings.ts';
import { liveMinute, rigsOf } from './history.ts';
import { paneOf } from './panes.ts';
import { type Conduct, minuteOf, newWorld, type World } from './world.ts';

/** A town of two rigs in which everybody runs and shows life every minute, watched for half an hour. */
function settled(working: boolean, poke: Partial<World['config']['tick']['poke']> = {}): World {
  const world = newWorld(rigsOf(2, 0));
  Object.assign(world.config.tick.poke, {}, poke);
  world.busy = true;
  for (const conduct of world.conduct.values()) conduct.rhythm = 1;
  for (let i = 0; i < 30; i += 1) liveMinute(world);
  // Until a pass has looked just now: what follows counts from it.
  for (const { heartbeats } = world.ledger; world.ledger.heartbeats === heartbeats; ) liveMinute(world);
  world.busy = working;
  world.ledger.lines.length = 0;
  return world;
}

function livesFor(world: World, minutes: number): void {
  for (let i = 0; i < minutes; i += 1) liveMinute(world);
  expect(world.ledger.violations).toEqual([]);
}

function conductOf(world: World, agent: string): Conduct {
  const conduct = world.conduct.get(agent);
  if (conduct === undefined) throw new Error(`no ${agent}`);
  return conduct;
}

describe('an idle town', () => {
  it.each([
    ['whose agents show life by themselves', 3],
    ['whose agents are silent', null],
  ])('%s: twelve hours pass without a keystroke, a start or a notice', (_, rhythm) => {
    const world = settled(false);
    // Nobody has worked here for long: the deepest tier.
    world.activity = (world.activity ?? 0) - 60 * 60_000;
    for (const { id } of world.agents) Object.assign(conductOf(world, id), { rhythm, answers: false });
    const { starts, passes } = world.ledger;
    livesFor(world, 720);
    expect(world.ledger.lines).toEqual([]);
    expect(world.ledger.starts).toBe(starts);
    expect(world.ledger.notices).toEqual([]);
    expect(world.ledger.passes - passes).toBeLessThanOrEqual(13);
  });
});

/** When the deacon was spoken to, in minutes since its last sign of life. */
function nudgesOf(world: World, minutes: number): readonly number[] {
  const deacon = conductOf(world, 'deacon');
  Object.assign(deacon, { rhythm: null, answers: false });
  const silentSince = minuteOf(world);
  livesFor(world, minutes);
  return world.ledger.lines
    .filter(({ agent }) => agent === 'deacon')
    .map(({ minute }) => minute - silentSince);
}

describe('a town with a silent deacon', () => {
  it('nudges it at the stated times: three at 5 minutes, then each wait half as long again, up to 30 minutes', () => {
    // 5:00, 5:00, 5:00, 7:30, 11:15, 16:52, 25:19, 30:00, 30:00 … at the first call at most half a minute early.
    expect(nudgesOf(settled(true), 240)).toEqual([5, 10, 15, 22, 33, 50, 75, 105, 135, 165, 195, 225]);
  });

  it('doubles the wait where the strategy says so', () => {
    const world = settled(true, { strategy: 'exponential' });
    expect(nudgesOf(world, 200)).toEqual([5, 10, 15, 25, 45, 75, 105, 135, 165, 195]);
  });

  it('keeps to the base where the strategy is fixed', () => {
    const world = settled(true, { strategy: 'fixed' });
    expect(nudgesOf(world, 61)).toEqual([5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60]);
  });

  it('tells the human once, and once when it is over', () => {
    const world = settled(true);
    nudgesOf(world, 600);
    expect(world.ledger.notices.map(({ condition, notice }) => `${notice} ${condition}`)).toEqual([
      'opened silent:deacon',
    ]);
    Object.assign(conductOf(world, 'deacon'), { rhythm: 3, answers: true });
    livesFor(world, 120);
    expect(world.ledger.notices.map(({ notice }) => notice)).toEqual(['opened', 'recovered']);
  });
});

describe('a deacon that dies at once, again and again', () => {
  it('is started a few times, then once in a while, with one notice; when it is mended it runs again within four hours', () => {
    const world = settled(true);
    const pane = paneOf(world, 'deacon');
    const before = world.ledger.starts;
    happen(world, { is: 'program', at: 30, who: 0, lasts: 1440, program: 'fails' });
    expect(pane?.process).toBeNull();
    livesFor(world, 720);
    const tried = world.ledger.starts - before;
    expect(tried).toBeGreaterThanOrEqual(5);
    expect(tried).toBeLessThanOrEqual(12);
    const opened = world.ledger.notices.filter(({ notice }) => notice === 'opened');
    expect(opened.filter(({ condition }) => condition.startsWith('crash-loop')).length).toBe(1);
    conductOf(world, 'deacon').program = 'well';
    livesFor(world, 245);
    expect(paneOf(world, 'deacon')?.process).not.toBeNull();
  });
});
