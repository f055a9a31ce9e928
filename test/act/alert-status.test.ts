import { beforeEach, describe, expect, it } from 'vitest';
import { showStanding } from '../../src/act/alert-status.ts';
import { type StandInTown, standInTown } from './town.ts';

let place: StandInTown;
beforeEach(async () => {
  place = standInTown();
  for (const session of ['plain', 'styled', 'foreign'])
    await place.tmux.tmux('new-session', '-d', '-s', session, '-x', '80', '-y', '24', 'sleep', '1000');
  for (const session of ['plain', 'styled'])
    await place.tmux.tmux('set-option', '-t', `=${session}:`, '@gt_town', place.world.layout.root);
  await place.tmux.tmux('set-option', '-t', '=styled:', 'status-right', 'mine #H');
});

const line = (session: string) => place.tmux.tmux('show-options', '-t', `=${session}:`, 'status-right');
const options = (session: string) => place.tmux.tmux('show-options', '-t', `=${session}:`);

describe('the status line of a session', () => {
  it('says how many conditions hold, and is afterwards what it was before, inherited or its own', async () => {
    const before = { plain: await options('plain'), styled: await options('styled') };
    await showStanding(2, place.world);
    await showStanding(1, place.world);
    for (const session of ['plain', 'styled']) {
      expect(await line(session)).toContain('@gt_alert');
      expect(await options(session)).toContain('1 alert: gt status');
    }
    expect(await line('styled')).toContain('mine #H');
    expect(await line('foreign')).toBe('');
    await showStanding(0, place.world);
    expect({ plain: await options('plain'), styled: await options('styled') }).toEqual(before);
    await place.tmux.tmux('set-option', '-g', 'status-right', 'new');
    expect(await place.tmux.tmux('show-options', '-A', '-v', '-t', '=plain:', 'status-right')).toBe('new');
  });

  it('stays as somebody has made it meanwhile', async () => {
    await showStanding(1, place.world);
    await place.tmux.tmux('set-option', '-t', '=plain:', 'status-right', 'another');
    await showStanding(0, place.world);
    expect(await line('plain')).toBe('status-right another');
  });

  it('is not touched where nothing was shown', async () => {
    const before = await options('styled');
    await showStanding(0, place.world);
    expect(await options('styled')).toBe(before);
  });
});
