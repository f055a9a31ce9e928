import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { perform } from '../../src/act/perform.ts';
import type { World } from '../../src/act/world.ts';
import type { Action } from '../../src/model/plan.ts';
import { readEvents } from '../../src/persist/events.ts';
import { sessionOf } from '../../src/town/identity.ts';
import { lives, until } from '../rig/until.ts';
import { everythingIn, gitEnv, origin, unsavedWork } from '../rig/work-tree.ts';
import { type StandInTown, standInTown } from './town.ts';

vi.setConfig({ testTimeout: 60_000 });

const max = 'proj/crew/w0';
let town: StandInTown;
let world: World;
let home: string;
/** Whether the agent lived while git was asked for the state of its work tree. */
let lived: boolean[];
let place: { readonly pane: string; readonly panePid: number };

beforeEach(async () => {
  town = standInTown({ crew: 1 });
  home = join(town.root, 'proj/crew/w0');
  rmSync(home, { recursive: true });
  unsavedWork(origin(join(town.root, 'origin')), home, 'crew/w0');
  await town.begin(max);
  place = await town.paneOf(max);
  lived = [];
  world = {
    ...town.world,
    operatorEnv: { ...town.world.operatorEnv, ...gitEnv },
    run: (command) => {
      if (command.args.includes('--porcelain=v2')) lived.push(lives(place.panePid));
      return town.world.run(command);
    },
  };
});

const recorded = () =>
  readEvents(world.layout, 100)
    .events.filter(({ kind }) => kind === 'workspace')
    .map(({ agent, evidence: { before, because, staged, unpushed } }) => [
      agent,
      before,
      because,
      staged,
      unpushed,
    ]);

const common = () => ({ agent: max, session: sessionOf(town.agentOf(max)), ...place, evidence: {} });

/** What each way of ending or replacing an agent is given to do. */
const ways: Readonly<Record<string, () => Promise<Action>>> = {
  cycle: async () => town.settle(max, 'cycle', await asked('cycle'), place),
  restart: async () => town.settle(max, 'restart', await asked('restart'), place),
  shutdown: async () => town.settle(max, 'shutdown', await asked('shutdown'), place),
  kill: async () => {
    const output = new Date(Date.now() + 60_000).toISOString();
    return { kind: 'kill', id: `kill:${max}`, ...common(), why: 'gupp', evidence: { output, stamp: output } };
  },
};
const asked = (what: string) => town.mailed('deacon', `LIFECYCLE: ${max} requesting ${what}`);

describe('F29: the work tree of an agent is looked at while the agent still runs', () => {
  it.each(Object.keys(ways))('before a %s, which leaves it as it is', async (way) => {
    const before = everythingIn(home);
    const action = await ways[way]?.();
    if (action === undefined) throw new Error(`no ${way}`);
    const [outcome] = await perform([action], world);
    expect(outcome).toMatchObject({ action: action.id, result: 'ok' });
    expect(lived).toEqual([true]);
    expect(lives(place.panePid)).toBe(false);
    expect(recorded()).toEqual([[max, action.kind, action.why, 1, 2]]);
    expect(everythingIn(home)).toEqual(before);
  });

  it('and before an agent that died gets a successor in its pane', async () => {
    process.kill(place.panePid, 'SIGKILL');
    await until(
      'its pane to be dead',
      async () => (await town.tmux.tmux('display-message', '-p', '-t', place.pane, '#{pane_dead}')) === '1',
    );
    const before = everythingIn(home);
    const recreate: Action = { kind: 'recreate', id: `recreate:${max}`, ...common(), why: 'pane-dead' };
    expect((await perform([recreate], world))[0]).toMatchObject({ result: 'ok', pane: place.pane });
    expect(recorded()).toEqual([[max, 'recreate', 'pane-dead', 1, 2]]);
    expect(everythingIn(home)).toEqual(before);
  });

  it('but not when a person asks for one that does not run', async () => {
    await town.tmux.tmux('kill-session', '-t', `=${sessionOf(town.agentOf(max))}`);
    await perform([{ ...town.start(max), why: 'asked' }], world);
    expect(recorded()).toEqual([]);
  });
});
