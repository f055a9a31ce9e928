import { describe, expect, it } from 'vitest';
import { mayHold, mayLift, mayStartAgain, type Orderer } from '../../src/decide/hold-rights.ts';
import { rigAgent, townAgent, worker } from '../../src/town/identity.ts';

const person: Orderer = { is: 'person' };
const stranger: Orderer = { is: 'stranger' };
const mayor: Orderer = { is: 'agent', agent: townAgent('mayor') };
const deacon: Orderer = { is: 'agent', agent: townAgent('deacon') };
const witness: Orderer = { is: 'agent', agent: rigAgent('proj', 'witness') };
const max: Orderer = { is: 'agent', agent: worker('proj', 'crew', 'max') };
const on = (target: string, kind: 'hold' | 'parked' | 'shutdown' = 'hold') => ({ target, kind });

describe('who may hold', () => {
  it('a person and the mayor anybody, all others only themselves', () => {
    for (const target of ['*', 'proj', 'deacon', 'proj/crew/max']) {
      expect(mayHold(person, on(target))).toBe(true);
      expect(mayHold(mayor, on(target))).toBe(true);
      expect(mayHold(stranger, on(target))).toBe(false);
    }
    expect(mayHold(max, on('proj/crew/max'))).toBe(true);
    for (const target of ['*', 'proj', 'deacon', 'proj/polecats/max'])
      expect(mayHold(max, on(target)), target).toBe(false);
    expect(mayHold(deacon, on('*', 'shutdown'))).toBe(false);
  });

  it('a witness may park its own rig, and neither hold it nor park another', () => {
    expect(mayHold(witness, on('proj', 'parked'))).toBe(true);
    expect(mayHold(witness, on('proj'))).toBe(false);
    expect(mayHold(witness, on('other', 'parked'))).toBe(false);
    expect(mayHold(max, on('proj', 'parked'))).toBe(false);
  });
});

describe('whose stop a start undoes', () => {
  it('a person’s that of anybody, an agent’s or a stranger’s only that of an agent', () => {
    for (const by of ['ann', 'overseer', 'deacon', 'proj/witness'])
      expect(mayStartAgain(person, { by })).toBe(true);
    for (const orderer of [deacon, stranger]) {
      for (const by of ['mayor', 'deacon', 'proj/polecats/nux'])
        expect(mayStartAgain(orderer, { by })).toBe(true);
      for (const by of ['ann', 'overseer']) expect(mayStartAgain(orderer, { by })).toBe(false);
    }
  });
});

describe('who may end a hold', () => {
  it('a person any, an agent only its own, also the mayor', () => {
    for (const by of ['ann', 'mayor', 'proj/crew/max', '/town/ESTOP']) {
      expect(mayLift(person, { by })).toBe(true);
      expect(mayLift(stranger, { by })).toBe(false);
      expect(mayLift(mayor, { by }), by).toBe(by === 'mayor');
      expect(mayLift(max, { by }), by).toBe(by === 'proj/crew/max');
    }
    expect(mayLift(max, { by: 'proj/max' })).toBe(true);
    expect(mayLift(mayor, { by: 'mayor/' })).toBe(true);
    expect(mayLift(max, { by: 'proj/polecats/max' })).toBe(false);
  });
});
