import { beforeEach, describe, expect, it } from 'vitest';
import { stopAgents } from '../../src/act/stop-agents.ts';
import type { World } from '../../src/act/world.ts';
import { rigAgent } from '../../src/town/identity.ts';
import { lives } from '../rig/until.ts';
import { type StandInTown, standInTown } from './town.ts';

let place: StandInTown;
beforeEach(() => {
  place = standInTown();
});

const agent = rigAgent('proj', 'witness');
const session = 'gt-proj-witness';

describe('ending an agent for its successor', () => {
  it('leaves it alone when its pane cannot be kept: another process came to sit there', async () => {
    const { tmux } = place;
    await tmux.tmux('new-session', '-d', '-s', session, '-x', '80', '-y', '24', 'sleep', '1000');
    const { pane, panePid } = await place.paneOf(agent.id);
    let next = 0;
    const world: World = {
      ...place.world,
      client: {
        ...place.world.client,
        call: async (args, input) => {
          if (next === 0 && input?.includes('remain-on-exit')) {
            await tmux.tmux('respawn-pane', '-k', '-t', pane, 'sleep', '1001');
            next = (await place.paneOf(agent.id)).panePid;
          }
          return place.world.client.call(args, input);
        },
      },
    };
    const stop = { agent, session, pane, panePid, keepPane: true };
    expect((await stopAgents([stop], world)).get(stop)).toBe('another process runs in its pane by now');
    expect(next).not.toBe(0);
    expect(lives(next)).toBe(true);
  });
});
