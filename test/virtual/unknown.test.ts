import { describe, expect, it } from 'vitest';
import { decide } from '../../src/decide/decide.ts';
import type { Plan } from '../../src/model/plan.ts';
import { firstState } from '../../src/model/state.ts';
import { type Happening, happen } from './happenings.ts';
import { liveMinute, rigsOf } from './history.ts';
import { see } from './see.ts';
import { newWorld, type Probe, type World } from './world.ts';

const probes: readonly Probe[] = ['tmux', 'rigs', 'holds', 'signs', 'activity', 'keeper', 'flags', 'below'];

/** Every set of probes that could fail together. */
const combinations = Array.from({ length: 2 ** probes.length }, (_, bits) =>
  probes.filter((_probe, at) => (bits & (1 << at)) !== 0),
);

const one = { at: 0, lasts: 999 };
const everybody = [0, 1, 2, 3, 4, 5].map((who) => ({ ...one, who }));

/** A town of one rig, watched for half an hour; then these things happen, and the rest of the time passes without a look. */
function townIn(things: readonly Happening[], then = 0): World {
  const world = newWorld(rigsOf(1, 1), { budgets: { starts: 99, kills: 99, nudges: 99, passMs: 45_000 } });
  world.busy = true;
  for (let i = 0; i < 30; i += 1) liveMinute(world);
  world.paused = 1;
  for (const thing of things) happen(world, thing);
  for (let i = 0; i < then; i += 1) liveMinute(world);
  return world;
}

/** Nobody has worked there for hours, and everybody is silent: nothing waits, so nothing is said. */
function idleTownIn(things: readonly Happening[]): World {
  const world = townIn([...things, ...everybody.map((who) => ({ ...who, is: 'silent' }) as const)]);
  world.paused = 0;
  world.busy = false;
  for (let i = 0; i < 180; i += 1) liveMinute(world);
  return world;
}

function planOf(world: World, failing: readonly Probe[]): Plan {
  for (const probe of failing) world.broken[probe] += 1;
  const state = world.disk.state ?? firstState;
  const plan = decide(see(world, state), state, world.config, {
    pass: 'p',
    careful: false,
    only: null,
    part: 'all',
  });
  for (const probe of failing) world.broken[probe] -= 1;
  return plan;
}

const situations: readonly (readonly [string, World])[] = [
  ['everything is well', townIn([])],
  ['everybody has died', townIn(everybody.map((who) => ({ ...who, is: 'dies', signal: 'KILL' })))],
  ['the server is gone', townIn([{ ...one, who: 0, is: 'server gone' }])],
  ['shells are left', townIn(everybody.map((who) => ({ ...who, is: 'left a shell' })))],
  [
    'everybody is silent',
    townIn(
      everybody.map((who) => ({ ...who, is: 'silent' })),
      40,
    ),
  ],
  [
    'everybody asks to be replaced',
    townIn(everybody.map((who) => ({ ...who, is: 'request', action: 'cycle', flagged: true, by: 'itself' }))),
  ],
  [
    'timers have run out',
    townIn(
      everybody.map((who) => ({ ...who, lasts: 1, is: 'timer' })),
      3,
    ),
  ],
  ['nobody works and nobody speaks', idleTownIn([])],
  ['nobody works, and a witness runs below a shell', idleTownIn([{ ...one, who: 2, is: 'wrapped' }])],
  [
    'a polecat has died over its work',
    townIn(
      [
        { ...one, who: 5, is: 'hooked' },
        { ...one, who: 5, is: 'dies', signal: null },
      ],
      10,
    ),
  ],
];

describe.each(situations)('unknown in, nothing out: %s', (_, world) => {
  const full = planOf(world, []);
  const done = new Set(full.actions.filter(({ kind }) => kind !== 'alert').map(({ id }) => id));

  it('whatever cannot be read, nothing is done that would not be done if it could be, and at most one alert says so', () => {
    for (const failing of combinations) {
      const plan = planOf(world, failing);
      const acts = plan.actions.filter(({ kind }) => kind !== 'alert');
      const more = acts
        .filter(({ id }) => !done.has(id))
        .map(({ id }) => `${id} without ${failing.join(', ')}`);
      expect(more).toEqual([]);
      const unseen = plan.state.conditions.filter(({ code }) => code === 'town-unseen');
      expect(unseen.length).toBeLessThanOrEqual(1);
    }
  });

  it('without tmux, or with everything unknown, the plan is empty but for one alert', () => {
    for (const failing of [['tmux'], probes] as const) {
      const plan = planOf(world, failing);
      expect(plan.actions.map(({ id }) => id)).toEqual(['alert:town-unseen']);
    }
  });
});
