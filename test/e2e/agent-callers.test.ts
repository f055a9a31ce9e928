import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type TestTown, testTown } from '../rig/town.ts';
import { until } from '../rig/until.ts';

/** Commands about agents that agents run themselves, and what is remembered of commands by hand. */
let town: TestTown;

vi.setConfig({ testTimeout: 60_000 });

beforeEach(async () => {
  town = await testTown(['proj', 'other'], '', 'default');
  for (const place of ['proj/crew/max', 'proj/crew/lisa', 'proj/polecats/nux', 'mayor', 'deacon'])
    mkdirSync(join(town.root, place), { recursive: true });
});
afterEach(async () => {
  await town.close();
});

const as = (role: string, more: Record<string, string> = {}) => ({ GT_ROLE: role, ...more });
const max = as('proj/crew/max');
const witness = as('proj/witness');
const kill = async (session: string) => {
  const { pane, pid } = town.paneOf(session);
  process.kill(pid, 'SIGKILL');
  await until('tmux to see it end', () => town.paneOf(session).dead);
  return pane;
};
const memoryOf = (agent: string) => Object(town.read('daemon/state.json')).agents[agent];

describe('an agent that ends another one', () => {
  it('is refused with the words that say what to run instead, before anything is done', async () => {
    await town.gt(['witness', 'start', 'proj']);
    await town.gt(['crew', 'start', 'proj/lisa']);
    const { pid } = town.paneOf('gt-proj-witness');
    for (const [args, env] of [
      [['witness', 'stop', 'proj'], max],
      [['witness', 'restart', 'proj'], max],
      [['crew', 'stop', 'proj/lisa'], max],
      [['crew', 'restart', '--all'], max],
      [['session', 'restart', 'proj/crew/lisa'], witness],
      [['down'], witness],
      [['mayor', 'stop'], witness],
    ] as const) {
      const ended = await town.gt(args, env);
      expect(ended.status, args.join(' ')).toBe(77);
      expect(ended.stderr).toContain('gt lifecycle request restart');
      expect(ended.stderr).toContain('gt mail send deacon/');
    }
    expect(town.paneOf('gt-proj-witness')).toMatchObject({ pid, dead: false });
    expect(existsSync(join(town.root, 'daemon/holds.json'))).toBe(false);
  });

  it('may when it is the deacon, the mayor, the witness of a polecat’s rig, or itself', async () => {
    await town.gt(['session', 'start', 'proj/polecats/nux']);
    await town.gt(['crew', 'start', 'proj/max']);
    expect((await town.gt(['session', 'stop', 'proj/polecats/nux'], as('other/witness'))).status).toBe(77);
    for (const [args, env] of [
      [['session', 'restart', 'proj/polecats/nux'], witness],
      [['session', 'stop', 'proj/polecats/nux'], witness],
      [['crew', 'restart', 'proj/max'], max],
      [['crew', 'restart', 'proj/max'], as('mayor')],
      [['crew', 'stop', 'proj/max'], as('deacon')],
    ] as const) {
      const ended = await town.gt(args, env);
      expect(ended, args.join(' ')).toMatchObject({ status: 0 });
    }
  });
});

describe('the brake', () => {
  it('holds for agents that start others, outlives their stops, and gives way to a person', async () => {
    const deacon = as('deacon');
    const first = await town.gt(['witness', 'start', 'proj'], deacon);
    expect(first.status).toBe(0);
    await kill('gt-proj-witness');
    const second = await town.gt(['witness', 'start', 'proj'], deacon);
    expect(second.status).toBe(0);
    expect(memoryOf('proj/witness').brake).toMatchObject({ attempts: 1 });
    expect(memoryOf('proj/witness').brake.deaths).toHaveLength(1);
    await kill('gt-proj-witness');
    const third = await town.gt(['witness', 'start', 'proj'], deacon);
    expect(third.status).toBe(1);
    expect(third.stderr).toMatch(/waits before the next start until .*only a person may/);
    expect(third.stderr).toContain('gt why proj/witness');
    expect(town.paneOf('gt-proj-witness').dead).toBe(true);
    await town.gt(['witness', 'stop', 'proj'], deacon);
    expect((await town.gt(['witness', 'start', 'proj'], deacon)).status).toBe(1);
    expect((await town.gt(['witness', 'start', 'proj'])).status).toBe(0);
    expect(memoryOf('proj/witness').brake ?? null).toBeNull();
  });

  it('counts what agents restart like requests', async () => {
    await town.gt(['witness', 'start', 'proj']);
    town.settings((all) => {
      all.tick = Object.assign(Object(all.tick), { brakes: { requested: 1 } });
    });
    expect((await town.gt(['witness', 'restart', 'proj'], witness)).status).toBe(0);
    const { pid } = town.paneOf('gt-proj-witness');
    const again = await town.gt(['witness', 'restart', 'proj'], witness);
    expect(again.status).toBe(1);
    expect(town.paneOf('gt-proj-witness')).toMatchObject({ pid, dead: false });
    expect((await town.gt(['witness', 'restart', 'proj'])).status).toBe(0);
  });
});

describe('a command by hand', () => {
  it('leaves what befell the town to the next heartbeat: clocks, deaths and charges', async () => {
    await town.tick();
    const before = Object(town.read('daemon/state.json'));
    await kill('gt-proj-witness');
    await town.gt(['crew', 'start', 'proj/max']);
    await town.gt(['crew', 'stop', 'proj/max']);
    const after = Object(town.read('daemon/state.json'));
    for (const key of ['clock', 'home', 'work', 'conditions', 'night', 'last_heartbeat'])
      expect(after[key], key).toEqual(before[key]);
    expect(memoryOf('proj/witness')).toEqual(before.agents['proj/witness']);
    await town.tick();
    expect(memoryOf('proj/witness').brake.deaths).toHaveLength(1);
  });

  it.each(['act.killed', 'act.before'])(
    'that is killed at %s is finished by the next heartbeat, for anybody',
    async (point) => {
      await town.tick();
      for (const [name, session] of [
        ['crew/max', 'gt-proj-crew-max'],
        ['polecats/nux', 'gt-proj-nux'],
      ] as const) {
        await town.gt(['session', 'start', `proj/${name}`]);
        const { pid } = town.paneOf(session);
        const killed = await town.gt(['session', 'restart', `proj/${name}`], { GT_FAULT: `${point}:1:kill` });
        expect(killed.signal).toBe('SIGKILL');
        await until('tmux to see it end', () => town.paneOf(session).dead);
        expect((await town.gt(['due'])).status).toBe(0);
        const report = await town.tick();
        expect(report.actions.map(({ id }) => id)).toEqual([`recreate:proj/${name}`]);
        await town.ready(session);
        expect(town.paneOf(session).pid).not.toBe(pid);
        expect(memoryOf(`proj/${name}`).brake?.deaths ?? []).toEqual([]);
        expect((await town.tick()).actions).toEqual([]);
      }
    },
  );

  it('says of itself, when its pass is replayed, that no rule decided it', async () => {
    await town.gt(['crew', 'start', 'proj/max']);
    const said = await town.gt(['replay', 'last']);
    expect(said).toMatchObject({ status: 0, stderr: '' });
    expect(said.stdout).toMatch(/was made by hand, with gt crew start: no rule decided it/);
    const json = JSON.parse((await town.gt(['replay', 'last', '--json'])).stdout);
    expect(json).toMatchObject({ by_hand: 'gt crew start', same: null });
    expect(json.plan.actions).toHaveLength(1);
  });

  it('hangs work on a hook as gt sling does, or starts nobody', async () => {
    const item = JSON.parse((await town.gt(['work', 'add', 'paint the door', '--json'])).stdout);
    const other = JSON.parse((await town.gt(['work', 'add', 'mow the lawn', '--json'])).stdout);
    const started = await town.gt(['session', 'start', 'proj/polecats/nux', '--issue', item.id]);
    expect(started).toMatchObject({ status: 0 });
    const hook = JSON.parse((await town.gt(['hook', 'show', 'proj/polecats/nux', '--json'])).stdout);
    expect(JSON.stringify(hook)).toContain(item.id);
    await town.gt(['session', 'stop', 'proj/polecats/nux']);
    for (const wrong of [other.id, 'no-such-9']) {
      const refused = await town.gt(['session', 'start', 'proj/polecats/nux', '--issue', wrong]);
      expect(refused.status, wrong).not.toBe(0);
    }
    expect(() => town.tmux('has-session', '-t', '=gt-proj-nux')).toThrow();
  });

  it('hangs no work on the hook of an agent that may not be started', async () => {
    const { id } = JSON.parse((await town.gt(['work', 'add', 'paint the door', '--json'])).stdout);
    await town.gt(['session', 'stop', 'proj/crew/max']);
    const refused = await town.gt(['session', 'start', 'proj/crew/max', '--issue', id], as('mayor'));
    expect(refused.status).toBe(77);
    expect(refused.stderr).toContain('what a person stopped a person starts');
    expect((await town.gt(['work', 'list', '--json'])).stdout).not.toContain('hooked');
  });
});
