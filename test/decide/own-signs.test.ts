import { describe, expect, it } from 'vitest';
import { indexPanes } from '../../src/decide/liveness.ts';
import { ownSigns } from '../../src/decide/own-signs.ts';
import { known, unknown } from '../../src/model/fact.ts';
import { paneOf, running, town } from './given.ts';

const alive = { is: 'alive', pane: '%3', panePid: 7, command: 'claude', recognised: true } as const;
const stamped = (pane: string, server = 77) => ({ stamp: known(5), pane: { pane, server } });

const both = ['%3', '%4'].map((pane) => paneOf('deacon', 'gt-deacon', { pane }));
const index = indexPanes(running(...both), town);

describe('a sign of life', () => {
  it('counts when it was made in the agent’s own pane, in another server, in a pane that is gone, or nobody knows where', () => {
    for (const signs of [stamped('%3'), stamped('%4', 78), stamped('%9'), { stamp: known(5) }])
      expect(ownSigns(signs, alive, index)).toBe(signs);
  });

  it('of a pane that somebody opened beside the agent’s is none of the agent', () => {
    expect(ownSigns(stamped('%4'), alive, index)?.stamp).toEqual(known(null));
  });

  it('that cannot be read stays unknown, and where the agent does not live there is nothing to compare with', () => {
    const torn = { ...stamped('%4'), stamp: unknown('torn') };
    expect(ownSigns(torn, alive, index)).toBe(torn);
    const signs = stamped('%4');
    expect(ownSigns(signs, { is: 'absent' }, index)).toBe(signs);
    expect(ownSigns(undefined, alive, index)).toBeUndefined();
  });
});
