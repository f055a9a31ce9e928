import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { perform } from '../../src/act/perform.ts';
import type { StartAction } from '../../src/act/start.ts';
import { until } from '../rig/until.ts';
import { type StandInTown, standInTown } from './town.ts';

vi.setConfig({ testTimeout: 60_000 });

const witness = 'proj/witness';
let town: StandInTown;
beforeEach(async () => {
  town = standInTown();
  await town.begin(witness);
});

/** Its process ended while its screen showed a usage limit. */
async function endedAtItsLimit(): Promise<{ readonly pane: string; readonly panePid: number }> {
  const place = await town.paneOf(witness);
  await town.tell(witness, 'limit');
  await until('its limit to be shown', async () => /usage limit/i.test(await town.screen(witness)));
  process.kill(place.panePid, 'SIGTERM');
  await until(
    'its pane to be dead',
    async () => (await town.tmux.tmux('display-message', '-p', '-t', place.pane, '#{pane_dead}')) === '1',
  );
  return place;
}

const recreate = (why: string, place: { readonly pane: string; readonly panePid: number }): StartAction => ({
  ...town.start(witness),
  kind: 'recreate',
  id: `recreate:${witness}`,
  why,
  ...place,
});

describe('an agent that ended at its usage limit', () => {
  it('is not started into the same wall by a pass', async () => {
    const place = await endedAtItsLimit();
    const [outcome] = await perform([recreate('pane-dead', place)], town.world);
    expect(outcome).toMatchObject({ result: 'skipped', reason: 'limit' });
  });

  it('is started when a person asks for it, and its last screen is kept', async () => {
    const place = await endedAtItsLimit();
    const [outcome] = await perform([recreate('asked', place)], town.world);
    expect(outcome).toMatchObject({ result: 'ok', pane: place.pane });
    expect(existsSync(join(town.root, 'daemon/screens/proj.witness.json'))).toBe(true);
  });
});
