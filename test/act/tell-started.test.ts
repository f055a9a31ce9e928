import { describe, expect, it, vi } from 'vitest';
import { startAgents } from '../../src/act/start.ts';
import { startupText } from '../../src/agents/startup-text.ts';
import { rigAgent } from '../../src/town/identity.ts';
import { type StandInTown, standInProgram, standInTown } from './town.ts';

vi.setConfig({ testTimeout: 60_000 });

let town: StandInTown;

const text = startupText(rigAgent('proj', 'witness'));
const start = async () => {
  const [outcome] = await startAgents([town.start('proj/witness')], town.world);
  return outcome;
};
describe('a runtime that takes no start-up text as an argument', () => {
  it('is told by typing, once, as soon as its composer shows', async () => {
    town = standInTown({ runtime: { prompt: 'none' } });
    expect(await start()).toMatchObject({ result: 'ok', error: null });
    expect(town.heard('proj/witness')).toEqual([{ line: text }]);
    expect(town.typed()).toBe(1);
    // Somebody else was faster with a second start: it is the same agent, and it was told.
    expect(await start()).toMatchObject({ result: 'ok', error: null });
    expect(town.typed()).toBe(1);
  });

  it('is told nothing where its composer is not known', async () => {
    town = standInTown({ runtime: { prompt: 'none', composer: [] } });
    expect(await start()).toMatchObject({ result: 'ok', error: null });
    expect(town.typed()).toBe(0);
  });

  it.each([
    ['dialog', 'it waits for a person (dialog: Do you want to proceed?)'],
    ['draft half a line', 'somebody’s unsent text'],
    ['busy', 'esc to interrupt'],
  ])('runs all the same when it shows %j first, and that is said', async (state, why) => {
    town = standInTown({ runtime: { prompt: 'none', args: [standInProgram(), '--begin', state] } });
    const outcome = await start();
    expect(outcome).toMatchObject({ result: 'ok' });
    expect(outcome?.error).toContain('its start-up text was not submitted: ');
    expect(outcome?.error?.replaceAll("'", '’')).toContain(why);
    expect(town.typed()).toBe(0);
  });
});
