import { describe, expect, it } from 'vitest';
import { type Happening, happen } from './happenings.ts';
import { liveMinute, missingFrom, rigsOf } from './history.ts';
import { newWorld, type World } from './world.ts';

const one = { at: 0, lasts: 5 };
const situations: readonly (readonly [string, readonly Happening[]])[] = [
  ['two agents have died', [0, 2].map((who) => ({ ...one, who, is: 'dies', signal: 'KILL' }) as const)],
  ['the server is gone', [{ ...one, who: 0, is: 'server gone' }]],
  [
    'the deacon asks to be replaced',
    [{ ...one, who: 0, is: 'request', action: 'cycle', flagged: true, by: 'itself' }],
  ],
  [
    'a witness asks to be shut down',
    [{ ...one, who: 2, is: 'request', action: 'shutdown', flagged: true, by: 'itself' }],
  ],
  ['a timer has run out', [{ ...one, who: 2, lasts: 0, is: 'timer' }]],
  ['the deacon is silent', [{ ...one, who: 0, lasts: 20, is: 'silent' }]],
];

/** The tick is killed at its n-th step of the first pass that does something. Gives the town an hour later. */
function killedAt(step: number, things: readonly Happening[], order: number): World {
  const world = newWorld(rigsOf(2, 0));
  world.busy = true;
  for (let i = 0; i < 30; i += 1) liveMinute(world);
  for (const thing of things) happen(world, thing);
  world.next = { ...world.next, crash: step, order };
  for (let i = 0; i < 60; i += 1) liveMinute(world);
  return world;
}

describe.each(situations)('a tick killed at any step while %s', (_, things) => {
  it('breaks no law, does nothing twice, and the next ticks finish what is missing', () => {
    const plain = killedAt(999, things, 0);
    for (let step = 0; step < 30; step += 1) {
      for (const order of [0, 1]) {
        const world = killedAt(step, things, order);
        const where = `killed at step ${step}, order ${order}`;
        expect([where, ...world.ledger.violations]).toEqual([where]);
        expect([where, ...missingFrom(world)]).toEqual([where]);
        expect([where, ...world.mail.filter(({ at }) => at !== 'settled')]).toEqual([where]);
        expect([where, world.ledger.kills]).toEqual([where, plain.ledger.kills]);
        expect([where, world.ledger.settled]).toEqual([where, plain.ledger.settled]);
      }
    }
  });
});
