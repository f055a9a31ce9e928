import fc from 'fast-check';
import { isWanted } from '../../src/decide/wanted.ts';
import type { Rig } from '../../src/model/rig.ts';
import { holdOn } from '../../src/town/hold-scope.ts';
import { calm, endWhatIsOver, type Happening, happen, stampActivity, startByHand } from './happenings.ts';
import { liveOneMinute, livingOf } from './panes.ts';
import { tick } from './pass.ts';
import { holdsNow, hookedIn } from './see.ts';
import { broke, minute, minuteOf, newWorld, type World } from './world.ts';

/** A simulated day: who lives in the town, and what happens to it. Everything else follows. */
export interface History {
  readonly rigs: number;
  readonly workers: number;
  readonly keep: readonly ('mayor' | 'refinery')[];
  /** Until this minute somebody works in the town. */
  readonly worked: number;
  readonly happenings: readonly Happening[];
}

const day = 1440;
/** Minutes of a day after which nothing new happens to it. */
const lastHappening = 900;

const lasts = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 20 }) },
  { weight: 1, arbitrary: fc.integer({ min: 20, max: 240 }) },
);
/** Troubles come together: some moments are more eventful than others. */
const at = fc.oneof(fc.integer({ min: 1, max: lastHappening }), fc.constantFrom(10, 11, 100, 101, 500));
const common = { at, who: fc.nat({ max: 999 }), lasts };
const order = fc.nat({ max: 11 });

/** Anything that can happen; the first kinds are the simplest, and failing histories shrink towards them. */
export const anyHappening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({ ...common, is: fc.constantFrom('vanishes', 'left a shell', 'hangs') }),
  fc.record({ ...common, lasts: fc.integer({ min: 10, max: 600 }), is: fc.constant('silent') }),
  fc.record({ ...common, is: fc.constant('dies'), signal: fc.constantFrom(null, 'KILL', 'SEGV') }),
  fc.record({ ...common, is: fc.constantFrom('wrapped', 'started by hand', 'renamed', 'taken name') }),
  fc.record({ ...common, is: fc.constantFrom('attached', 'copy mode', 'draft') }),
  fc.record({
    ...common,
    is: fc.constant('face'),
    face: fc.constantFrom('busy', 'dialog', 'limit', 'context'),
  }),
  fc.record({
    ...common,
    lasts: fc.integer({ min: 5, max: 500 }),
    is: fc.constant('program'),
    program: fc.constantFrom('fails', 'brief', 'missing'),
  }),
  fc.record({ ...common, is: fc.constantFrom('server gone', 'socket lost', 'reboot', 'suspend', 'pause') }),
  fc.record({
    ...common,
    is: fc.constantFrom('work', 'work', 'work', 'mail', 'gate lost', 'timer', 'overloaded', 'awaits'),
  }),
  fc.record({
    ...common,
    is: fc.constant('step'),
    by: fc
      .constantFrom(-1, 1)
      .chain((sign) => fc.constantFrom(0.5, 5, 60, 400, 1440).map((n) => sign * n * minute)),
  }),
  fc.record({
    ...common,
    is: fc.constant('broken'),
    probe: fc.constantFrom('tmux', 'rigs', 'holds', 'signs', 'activity', 'keeper', 'flags', 'below'),
  }),
  fc.record({ ...common, is: fc.constant('torn'), copies: fc.constantFrom(1, 2) }),
  fc.record({ ...common, is: fc.constantFrom('crash', 'crash', 'slow'), after: fc.nat({ max: 16 }), order }),
  fc.record({
    ...common,
    is: fc.constant('request'),
    action: fc.constantFrom('cycle', 'restart', 'shutdown'),
    flagged: fc.constantFrom(true, true, true, false),
    by: fc.constantFrom('itself', 'overseer'),
  }),
  fc.record({ ...common, is: fc.constantFrom('hooked', 'work closed', 'spawned') }),
  fc.record({ ...common, is: fc.constant('hold'), scope: fc.constantFrom('agent', 'rig', 'town') }),
  fc.record({
    ...common,
    is: fc.constant('meanwhile'),
    what: fc.constantFrom('dies', 'started by hand', 'left a shell', 'attached', 'hold', 'keeper', 'tmux'),
  }),
);

export const anyHistory: fc.Arbitrary<History> = fc.record({
  rigs: fc.integer({ min: 0, max: 3 }),
  workers: fc.integer({ min: 0, max: 2 }),
  keep: fc.subarray(['mayor', 'refinery'] as const),
  worked: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 900 })),
  happenings: fc.array(anyHappening, { maxLength: 30, size: 'max' }),
});

export function rigsOf(count: number, workers: number): readonly Rig[] {
  const named = (kind: string) => Array.from({ length: workers }, (_, i) => `${kind}${i}`);
  return Array.from({ length: count }, (_, i) => ({ name: `r${i}`, crew: named('c'), polecats: named('p') }));
}

/** A town in which everybody runs who will, before its first tick. */
export function newTown(rigs: number, workers: number, keep: History['keep']): World {
  const world = newWorld(rigsOf(rigs, workers), { keep });
  for (const { id, role } of world.agents) if (role === 'crew' || role === 'polecat') startByHand(world, id);
  return world;
}

/** Lives a history to its end and gives the world as it is then. */
export function liveThrough({ rigs, workers, keep, worked, happenings }: History): World {
  const world = newTown(rigs, workers, keep);
  liveDay(world, worked, happenings);
  return world;
}

/** A day: first the faults, then a calm in which the town has to come back. */
export function liveDay(world: World, worked: number, happenings: readonly Happening[]): void {
  const coming = [...happenings].sort((a, b) => a.at - b.at);
  world.busy = worked > 0;
  for (let now = 1; now <= lastHappening; now += 1) {
    while (coming[0] !== undefined && coming[0].at <= now) {
      const thing = coming.shift();
      if (thing !== undefined) happen(world, thing);
    }
    if (now === worked) world.busy = false;
    liveMinute(world);
  }
  calm(world);
  recover(world, day - lastHappening);
}

/** One minute of the town, at the end of which the scheduler calls the tick. */
export function liveMinute(world: World): void {
  world.clock.elapsed += minute;
  if (world.endings.length > 0) endWhatIsOver(world);
  stampActivity(world);
  liveOneMinute(world);
  if (world.paused === 0) tick(world);
  else world.ledger.lastGate = null;
}

/** The agents that should run and do not. */
export function missingFrom(world: World): readonly string[] {
  const holds = holdsNow(world);
  return world.agents.flatMap((agent) => {
    if (livingOf(world, agent.id).length > 0 || holdOn(holds, agent) !== null) return [];
    return isWanted(agent, world.config.tick, dutyOf(world, agent.id)) ? [agent.id] : [];
  });
}

function dutyOf(world: World, id: string): Parameters<typeof isWanted>[2] {
  const work = hookedIn(world).find(({ agent }) => agent === id) ?? null;
  const workMemory = world.disk.state?.work.find((one) => one.work === work?.id) ?? null;
  return { work, workMemory, record: null };
}

/**
 * State N: minutes that the town may take to come back once nothing happens to it any more. An idle town is looked at once
 * an hour, so an hour and a few passes; who is behind a brake waits for as long as that may hold.
 */
export const bounds = { free: 75, braked: 330 };

/** Lives on without faults; everything that should run does so within the bounds, and stays. */
function recover(world: World, minutes: number): void {
  world.recovered = null;
  const from = minuteOf(world);
  const heartbeats = world.ledger.heartbeats;
  const memories = world.disk.state?.agents ?? {};
  const braked = new Set(
    missingFrom(world).filter((id) => memories[id]?.brake != null || memories[id]?.blocked != null),
  );
  for (let i = 0; i < minutes; i += 1) {
    liveMinute(world);
    const missing = missingFrom(world);
    const took = minuteOf(world) - from;
    const late = missing.filter((id) => took > (braked.has(id) ? bounds.braked : bounds.free));
    if (late.length > 0) {
      broke(world, 'everything runs again in time', late.join(', '));
      return;
    }
    if (missing.length === 0)
      world.recovered ??= { minutes: took, passes: world.ledger.heartbeats - heartbeats };
  }
}
