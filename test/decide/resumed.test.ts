import { describe, expect, it } from 'vitest';
import { firstState, noMemory, type State } from '../../src/model/state.ts';
import { carryOut, decideOn, minutes, paneOf, running, snapshotAt } from './given.ts';

/** A deacon known for long and silent all the time. */
const pane = paneOf('deacon', 'gt-deacon');
const at = (minute: number) => snapshotAt(minutes(minute), [], { tmux: running(pane) });
const known = carryOut(decideOn(at(0)), firstState);

describe('a pass that comes after one that was cut short while it woke somebody', () => {
  const cut: State = decideOn(at(20), known).state;

  it('finishes what may still stand in the composer, and types nothing again', () => {
    const plan = decideOn(at(21), cut);
    expect(plan.actions).toMatchObject([{ id: 'nudge:deacon', why: 'stranded', finish: true }]);
    expect(plan.actions[0]).toMatchObject({ text: cut.agents.deacon?.slot?.text });
    expect(plan.warnings.map(({ code }) => code)).toContain('pass-interrupted');
  });

  it('remembers afterwards what it would remember had nothing been cut short', () => {
    const whole = carryOut(decideOn(at(20), known), known);
    const resumed = carryOut(decideOn(at(21), cut), cut);
    expect(resumed.agents).toEqual(whole.agents);
    expect(resumed.intent).toBeNull();
  });

  it('tries again when the composer could not be finished', () => {
    const plan = decideOn(at(21), cut);
    const blocked = carryOut(plan, cut, () => ({ result: 'skipped', reason: 'draft' }));
    expect(decideOn(at(22), blocked).actions).toMatchObject([{ why: 'stranded', finish: true }]);
  });

  it('leaves alone an agent that has shown itself since', () => {
    const { deacon = noMemory } = cut.agents;
    expect(deacon.slot).not.toBeNull();
    const fresh = snapshotAt(minutes(21), [], {
      tmux: running(pane),
      signs: { deacon: { stamp: { known: true, value: at(21).now.wall - 1000 } } },
    });
    expect(decideOn(fresh, cut).actions).toEqual([]);
  });
});
