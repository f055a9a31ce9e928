import { describe, expect, it } from 'vitest';
import { crew, flagsIn, inbox, listed, quiet, startCrew } from '../rig/requests.ts';
import { testTown } from '../rig/town.ts';

describe('ten agents at once', () => {
  it('are all replaced, each once, and every successor has its note', async () => {
    const town = await testTown(['proj']);
    try {
      const names = Array.from({ length: 10 }, (_, n) => `w${n}`);
      await startCrew(town, ...names);
      const before = town.livePanes();
      const ended = await Promise.all(
        names.map((name) => town.gt(['handoff', '--cycle', '-m', `note of ${name}`], crew(name))),
      );
      expect(ended.map(({ status }) => status)).toEqual(names.map(() => 0));
      const after = town.livePanes();
      for (const name of names) {
        const session = `gt-proj-crew-${name}`;
        expect(after.get(session), name).toBeGreaterThan(0);
        expect(after.get(session), name).not.toBe(before.get(session));
        expect((await inbox(town, `proj/${name}`)).map(({ body }) => body)).toEqual([`note of ${name}`]);
        expect(flagsIn(town, `proj/crew/${name}`)).toEqual({});
      }
      await quiet(town);
      await town.tick();
      expect(town.livePanes()).toEqual(new Map([...town.livePanes(), ...after]));
      const { settled } = await listed(town);
      const executed = settled.filter(({ outcome }) => outcome === 'executed').map(({ agent }) => agent);
      expect(executed.sort()).toEqual([...names, ...names].map((name) => `proj/crew/${name}`).sort());
    } finally {
      await town.close();
    }
  });
});
