import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { endHung, type KillAction } from '../../src/act/end-hung.ts';
import { signsOf } from '../../src/observe/signs.ts';
import { sessionOf } from '../../src/town/identity.ts';
import { keepaliveFileOf } from '../../src/town/layout.ts';
import { lives, until } from '../rig/until.ts';
import { type StandInTown, standInTown } from './town.ts';

vi.setConfig({ testTimeout: 60_000 });

const witness = 'proj/witness';
let town: StandInTown;
beforeEach(async () => {
  town = standInTown();
  await town.begin(witness);
});

const activity = async (pane: string) =>
  Number(await town.tmux.tmux('display-message', '-p', '-t', pane, '#{window_activity}')) * 1000;

const at = (wall: number) => new Date(wall).toISOString();

/** What a pass decides for an agent whose newest signs of life were these. */
async function kill(seen: KillAction['evidence'] = {}): Promise<KillAction> {
  const place = await town.paneOf(witness);
  await until('its pane to be still', async () => (await activity(place.pane)) < Date.now() - 2_000);
  const { stamp } = signsOf(town.world.layout, town.agentOf(witness));
  return {
    kind: 'kill',
    id: `kill:${witness}`,
    agent: witness,
    session: sessionOf(town.agentOf(witness)),
    ...place,
    why: 'gupp',
    evidence: {
      output: at(await activity(place.pane)),
      stamp: stamp.known && stamp.value !== null ? at(stamp.value) : null,
      ...seen,
    },
  };
}

function stamped(wall: number): void {
  const file = keepaliveFileOf(town.root, town.agentOf(witness));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ timestamp: new Date(wall).toISOString() }));
}

describe('an agent that is to be ended for its silence', () => {
  it('is ended while it is as silent as it was', async () => {
    const action = await kill();
    const [outcome] = await endHung([action], town.world);
    expect([outcome?.result, outcome?.error]).toEqual(['ok', null]);
    expect(lives(action.panePid)).toBe(false);
  });

  it('lives on when its pane has printed something since', async () => {
    const seen = await activity((await town.paneOf(witness)).pane);
    const action = await kill({ output: at(seen - 1000) });
    expect(await endHung([action], town.world)).toMatchObject([
      { result: 'skipped', error: 'its pane has printed something since' },
    ]);
    expect(lives(action.panePid)).toBe(true);
  });

  it('lives on when it has left a newer stamp since, and dies with the one that was seen', async () => {
    const then = Date.now() - 3_600_000;
    stamped(then + 1000);
    const action = await kill({ stamp: at(then) });
    expect(await endHung([action], town.world)).toMatchObject([
      { result: 'skipped', error: 'it has shown life since' },
    ]);
    expect(lives(action.panePid)).toBe(true);
    const same = await kill({ stamp: at(then + 1000) });
    expect(await endHung([same], town.world)).toMatchObject([{ result: 'ok' }]);
  });

  it('lives on when its stamp cannot be read', async () => {
    stamped(0);
    const file = keepaliveFileOf(town.root, town.agentOf(witness));
    writeFileSync(file, '{ torn');
    const action = await kill();
    expect(await endHung([action], town.world)).toMatchObject([
      { result: 'skipped', error: expect.stringContaining('cannot be read') },
    ]);
    expect(lives(action.panePid)).toBe(true);
  });

  it('lives on while somebody is attached to its session', async () => {
    const words = ['-L', town.tmux.socket, '-C', 'attach', '-t', '=gt-proj-witness:'];
    const env = { ...town.tmux.env, TMUX_TMPDIR: town.tmux.tmpdir };
    const client = spawn('tmux', words, { env, stdio: ['pipe', 'ignore', 'ignore'] });
    try {
      await until(
        'somebody to be attached',
        async () =>
          (await town.tmux.tmux(
            'display-message',
            '-p',
            '-t',
            '=gt-proj-witness:',
            '#{session_attached}',
          )) === '1',
      );
      const action = await kill();
      expect(await endHung([action], town.world)).toMatchObject([
        { result: 'skipped', error: 'somebody is attached to its session' },
      ]);
      expect(lives(action.panePid)).toBe(true);
    } finally {
      client.kill();
    }
  });
});
