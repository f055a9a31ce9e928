import { describe, expect, it } from 'vitest';
import { noBrake } from '../../src/model/brake.ts';
import { counted } from '../../src/model/counted.ts';
import { known } from '../../src/model/fact.ts';
import { firstState, noMemory, type State } from '../../src/model/state.ts';
import { remembered } from '../../src/show/remembered.ts';
import { decideOn, epoch, paneOf, rig, running, snapshotAt } from '../decide/given.ts';

const since = new Date(epoch).toISOString();
const spent = (count: number): State => ({
  ...firstState,
  agents: {
    deacon: {
      ...noMemory,
      brake: { ...noBrake, attempts: count, deaths: Array.from({ length: count }, () => 0) },
      deferrals: { count, reason: 'draft', since },
    },
  },
  work: [{ work: 'gw-1', agent: 'deacon', seen: { at: since, awake: 0 }, deaths: count, parked: null }],
});

describe('what is counted', () => {
  it('is one thing, or several', () => {
    expect([0, 1, 2].map((count) => counted(count, 'file'))).toEqual(['0 files', '1 file', '2 files']);
    expect(counted(1, 'pass is', 'passes are')).toBe('1 pass is');
  });

  it('reads well of what is remembered, be it once or often', () => {
    expect(remembered(spent(1), 'deacon')).toEqual([
      'brake: 1 death lately, 1 start since it was well',
      '1 message put off',
      '1 death over gw-1',
    ]);
    expect(remembered(spent(2), 'deacon')).toEqual([
      'brake: 2 deaths lately, 2 starts since it was well',
      '2 messages put off',
      '2 deaths over gw-1',
    ]);
  });

  it('reads well of one piece of work that belongs to nobody here', () => {
    const tmux = running(paneOf('deacon', 'gt-deacon'), paneOf('proj/witness', 'gt-proj-witness'));
    const hooked = known([{ id: 'gw-1', title: 't', agent: 'elsewhere/x', since }]);
    const { conditions } = decideOn(snapshotAt(0, [rig('proj')], { tmux, hooked })).state;
    expect(conditions.map(({ text }) => text)).toContainEqual(
      expect.stringMatching(/^1 piece of work is on hooks, and no holder of any is an agent/),
    );
  });
});
