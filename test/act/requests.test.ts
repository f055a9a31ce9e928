import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { settleRequests } from '../../src/act/requests.ts';
import { syncWorkspaces } from '../../src/act/sync-workspaces.ts';
import { readHoldsFile } from '../../src/town/holds-file.ts';
import { until } from '../rig/until.ts';
import { type StandInTown, standInTown } from './town.ts';

vi.setConfig({ testTimeout: 60_000 });

const witness = 'proj/witness';
const session = '=gt-proj-witness:';
let town: StandInTown;
beforeEach(async () => {
  town = standInTown();
  await town.begin(witness);
});

const tmux = (...args: string[]) => town.tmux.tmux(...args);
const asked = (what: string) => town.mailed('deacon', `LIFECYCLE: ${witness} requesting ${what}`);
const waiting = async () => {
  const inbox = await town.world.store.mail.inbox('deacon');
  return inbox.known ? inbox.value.items.map(({ id }) => id) : inbox.reason;
};
const holds = () => {
  const read = readHoldsFile(town.world.layout.holdsFile);
  return read.known ? read.value.map(({ target, kind }) => [target, kind]) : read.reason;
};
const panes = async () =>
  (await tmux('list-panes', '-s', '-t', session, '-F', '#{pane_id} #{pane_pid} #{pane_dead}'))
    .split('\n')
    .map((line) => line.split(' '));

/** Beside the agent's pane a second one that runs the agent now, and a person's; the first is closed. */
async function moveToSecondPane(): Promise<{ pane: string; panePid: number; person: string }> {
  const { pane: first } = await town.paneOf(witness);
  const split = async () => {
    const words = ['-d', '-P', '-F', '#{pane_id} #{pane_pid}', '-t', first, 'sleep', '1000'];
    return (await tmux('split-window', ...words)).split(' ');
  };
  const [pane = '', pid = ''] = await split();
  const [person = ''] = await split();
  await tmux('kill-pane', '-t', first);
  return { pane, panePid: Number(pid), person };
}

describe('an agent that lives in another pane than the recorded one', () => {
  it('is started again in that pane, and the person beside it is left alone', async () => {
    const { pane, panePid, person } = await moveToSecondPane();
    const message = await asked('cycle');
    const [outcome] = await settleRequests(
      [town.settle(witness, 'cycle', message, { pane, panePid })],
      town.world,
    );
    expect(outcome).toMatchObject({ result: 'ok', pane });
    const left = await panes();
    expect(left.map(([id, , dead]) => [id, dead]).sort()).toEqual(
      [
        [pane, '0'],
        [person, '0'],
      ].sort(),
    );
    expect(left.find(([id]) => id === pane)?.[1]).not.toBe(String(panePid));
    expect(await tmux('show-options', '-v', '-t', session, '@gt_pane')).toBe(pane);
  });

  it('is started again there when it has ended already', async () => {
    const { pane, panePid } = await moveToSecondPane();
    await tmux('set-option', '-p', '-t', pane, 'remain-on-exit', 'on');
    process.kill(panePid, 'SIGTERM');
    await until('the pane to be dead', async () =>
      (await panes()).some(([id, , dead]) => id === pane && dead === '1'),
    );
    const message = await asked('cycle');
    const [outcome] = await settleRequests(
      [town.settle(witness, 'cycle', message, { pane, panePid })],
      town.world,
    );
    expect(outcome).toMatchObject({ result: 'ok', pane });
  });
});

describe('a shutdown that is given back', () => {
  it('leaves no hold behind, and the request waits again', async () => {
    const { pane } = await town.paneOf(witness);
    const message = await asked('shutdown');
    const [outcome] = await settleRequests(
      [town.settle(witness, 'shutdown', message, { pane, panePid: 1 })],
      town.world,
    );
    expect(outcome).toMatchObject({ result: 'skipped', reason: 'changed' });
    expect(holds()).toEqual([]);
    expect(await waiting()).toEqual([message]);
  });

  it('does not end a hold that somebody made before', async () => {
    const { pane } = await town.paneOf(witness);
    const first = await asked('shutdown');
    const before = {
      target: witness,
      kind: 'shutdown',
      reason: 'r',
      by: 'b',
      since: '2026-01-01T00:00:00Z',
      until: null,
    };
    writeFileSync(town.world.layout.holdsFile, JSON.stringify({ version: 1, holds: [before] }));
    await settleRequests([town.settle(witness, 'shutdown', first, { pane, panePid: 1 })], town.world);
    expect(holds()).toEqual([[witness, 'shutdown']]);
  });

  it('is kept when it was carried out', async () => {
    const message = await asked('shutdown');
    const action = town.settle(witness, 'shutdown', message, await town.paneOf(witness));
    expect((await settleRequests([action], town.world))[0]).toMatchObject({ result: 'ok' });
    expect(holds()).toEqual([[witness, 'shutdown']]);
  });
});

it.each(['cycle', 'restart', 'shutdown'] as const)(
  'a %s that an interrupted pass had carried out takes its flag back',
  async (what) => {
    const message = await asked(what);
    await town.world.store.mail.claim(message, 'keeper');
    const file = join(town.root, 'proj/witness/state.json');
    writeFileSync(file, JSON.stringify({ mine: 1, [`requesting_${what}`]: true }));
    const action = town.settle(witness, 'confirm', message, null);
    const confirm = { ...action, resumed: true, evidence: { action: what } };
    expect((await settleRequests([confirm], town.world))[0]).toMatchObject({ result: 'ok' });
    expect(existsSync(file) && JSON.parse(readFileSync(file, 'utf8'))).toEqual({ mine: 1 });
  },
);

it('a cycle whose agent cannot be brought back is tried once more and then settled as failed', async () => {
  const message = await asked('cycle');
  const file = join(town.root, 'proj/witness/state.json');
  writeFileSync(file, JSON.stringify({ requesting_cycle: true }));
  const runtimes = { 'stand-in': { ...town.runtime, command: '/bin/false', args: [] } };
  const world = { ...town.world, config: { ...town.config, runtimes } };
  const held = async () => {
    const claimed = await town.world.store.mail.claimed();
    return claimed.known ? claimed.value.items.map(({ message: { id } }) => id) : claimed.reason;
  };
  const action = town.settle(witness, 'cycle', message, await town.paneOf(witness));
  expect((await settleRequests([action], world))[0]).toMatchObject({ result: 'failed', reason: 'ended' });
  expect(await held()).toEqual([message]);
  const again = { ...town.settle(witness, 'cycle', message, await town.paneOf(witness)), resumed: true };
  expect((await settleRequests([again], world))[0]).toMatchObject({ result: 'failed', reason: 'ended' });
  expect(await held()).toEqual([]);
  expect(await waiting()).toEqual([]);
  expect(existsSync(file) && JSON.parse(readFileSync(file, 'utf8'))).toEqual({});
});

it('a resumed cycle starts its agent, once', async () => {
  const message = await asked('cycle');
  await town.world.store.mail.claim(message, 'keeper');
  const { pane, panePid } = await town.paneOf(witness);
  const again = { ...town.settle(witness, 'cycle', message, { pane, panePid }), resumed: true };
  expect((await settleRequests([again], town.world))[0]).toMatchObject({ result: 'ok', pane });
  const claimed = await town.world.store.mail.claimed();
  expect(claimed.known && claimed.value.items).toEqual([]);
});

describe('bringing workspaces up to date before a start', () => {
  const sync = async (left: number) => {
    const limits: number[] = [];
    const run: typeof town.world.run = async (command) => {
      limits.push(command.timeoutMs ?? Number.POSITIVE_INFINITY);
      return { ok: false, exit: null, signal: null, stdout: '', stderr: '', failure: 'timeout', ms: 1 };
    };
    const id = 'proj/crew/w0';
    const action = town.settle(id, 'cycle', 'm', null);
    const job = { action, agent: town.agentOf(id), asked: 'cycle' as const, held: false };
    const warnings = await syncWorkspaces([job], { ...town.world, run, deadline: () => left });
    return { limits, warning: warnings.get(action.id) };
  };

  it('leaves the pass the time to start them', async () => {
    const { limits } = await sync(16_000);
    expect(limits).toHaveLength(1);
    expect(Math.max(...limits)).toBeLessThanOrEqual(6_000);
  });

  it('is left out where the time is short', async () => {
    const { limits, warning } = await sync(14_900);
    expect(limits).toEqual([]);
    expect(warning).toContain('the time of this pass is used up');
  });
});

describe('an agent whose program has gone', () => {
  it('is not ended for a successor that could not start; its request goes on waiting', async () => {
    const { pane, panePid } = await town.paneOf(witness);
    const message = await asked('cycle');
    const [runtime] = Object.values(town.world.config.runtimes);
    if (runtime === undefined) throw new Error('no runtime');
    const config = {
      ...town.world.config,
      runtimes: { 'stand-in': { ...runtime, command: 'no-such-program-here' } },
    };
    const [outcome] = await settleRequests([town.settle(witness, 'cycle', message, { pane, panePid })], {
      ...town.world,
      config,
    });
    expect(outcome).toMatchObject({ result: 'skipped', reason: 'program-missing' });
    expect(outcome?.error).toContain('no-such-program-here');
    expect(await waiting()).toEqual([message]);
    expect(await panes()).toEqual([[pane, String(panePid), '0']]);
  });
});
