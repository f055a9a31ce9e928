import { chmodSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { agentsOf, sessionOf } from '../../src/town/identity.ts';
import { loadRigs } from '../../src/town/rigs.ts';
import { registry, scratch, townWith } from './scratch.ts';

function dirs(root: string, ...names: readonly string[]): void {
  for (const name of names) mkdirSync(`${root}/${name}`, { recursive: true });
}

// Hundreds of towns on disk on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

describe('the rigs of a town', () => {
  it('are those registered that exist, with the workers that exist, sorted', () => {
    const town = townWith({ 'mayor/rigs.json': registry('proj', 'app') });
    dirs(
      town.root,
      'proj/crew/max',
      'proj/crew/.claude',
      'proj/polecats/nux',
      'proj/polecats/Toast',
      'app',
      'stranger/crew/x',
    );
    expect(loadRigs(town)).toEqual({
      rigs: {
        known: true,
        value: [
          { name: 'app', crew: [], polecats: [] },
          { name: 'proj', crew: ['max'], polecats: ['Toast', 'nux'] },
        ],
      },
      warnings: [],
    });
  });

  it('are none in a fresh town, and in one Go wrote', () => {
    expect(loadRigs(townWith()).rigs).toEqual({ known: true, value: [] });
    expect(loadRigs(townWith({ 'mayor/rigs.json': { version: 1, rigs: null } })).rigs).toEqual({
      known: true,
      value: [],
    });
  });

  it.each([
    '',
    'null',
    '{',
    '[]',
    '{}',
    '"x"',
    '{"version":2,"rigs":{}}',
    '{"version":1,"rigs":[]}',
    '{"version":1,"rigs":5}',
  ])('are unknown, never none, when the registry is %j', (text) => {
    const { rigs, warnings } = loadRigs(townWith({ 'mayor/rigs.json': text }));
    expect(rigs.known).toBe(false);
    expect(warnings).toMatchObject([{ code: 'rigs-unknown' }]);
  });

  it('are unknown when the registry is missing, a directory, or cut off anywhere (F71)', () => {
    const town = townWith();
    rmSync(town.rigsFile);
    expect(loadRigs(town).rigs).toMatchObject({ known: false });
    mkdirSync(town.rigsFile);
    expect(loadRigs(town).rigs).toMatchObject({ known: false });
    const text = JSON.stringify(registry('proj'));
    for (let length = 0; length < text.length; length++) {
      expect(
        loadRigs(townWith({ 'mayor/rigs.json': text.slice(0, length) })).rigs.known,
        text.slice(0, length),
      ).toBe(false);
    }
  });

  it('are read whatever their entries look like', () => {
    const town = townWith({
      'mayor/rigs.json': { version: 1, extra: 1, rigs: { a: null, b: 5, c: { git_url: 7, beads: [] } } },
    });
    dirs(town.root, 'a', 'b', 'c');
    expect(loadRigs(town)).toMatchObject({
      rigs: { value: [{ name: 'a' }, { name: 'b' }, { name: 'c' }] },
      warnings: [],
    });
  });

  it('leave out, with a warning, what is registered and not there', () => {
    const town = townWith({ 'mayor/rigs.json': registry('gone', 'proj') });
    dirs(town.root, 'proj');
    const { rigs, warnings } = loadRigs(town);
    expect(rigs).toMatchObject({ value: [{ name: 'proj' }] });
    expect(warnings).toEqual([
      { code: 'rig-missing', message: `The rig gone is registered, but ${town.root}/gone does not exist.` },
    ]);
  });

  it('leave out, with a warning, rigs and workers whose names cannot be used', () => {
    const town = townWith({ 'mayor/rigs.json': registry('a', 'a-b', 'a-crew', 'x.y', 'mayor', '../out') });
    dirs(town.root, 'a/polecats/b-witness', 'a/polecats/ok-1', 'a/crew/sp ace', 'a-b', 'a-crew', 'x.y');
    const { rigs, warnings } = loadRigs(town);
    expect(rigs).toMatchObject({ value: [{ name: 'a', crew: [], polecats: ['ok-1'] }, { name: 'a-b' }] });
    expect(warnings.map(({ code }) => code).sort()).toEqual([
      'rig-name',
      'rig-name',
      'rig-name',
      'rig-name',
      'worker',
      'worker',
    ]);
  });

  it('count links to directories as workers, and files and broken links not', () => {
    const town = townWith({ 'mayor/rigs.json': registry('proj'), 'proj/crew/file': 'x' });
    symlinkSync(scratch(), `${town.root}/proj/crew/linked`);
    symlinkSync('/nowhere', `${town.root}/proj/crew/broken`);
    expect(loadRigs(town).rigs).toMatchObject({ value: [{ crew: ['linked'] }] });
  });

  it.skipIf(process.getuid?.() === 0)(
    'say which workers cannot be listed (skipped as root, who may list everything)',
    () => {
      const town = townWith({ 'mayor/rigs.json': registry('proj') });
      dirs(town.root, 'proj/crew');
      chmodSync(`${town.root}/proj/crew`, 0);
      expect(loadRigs(town).warnings).toMatchObject([{ code: 'worker' }]);
    },
  );

  it('never give two agents one session, whatever directories there are (F70)', () => {
    const part = fc
      .array(fc.constantFrom('a', 'b', 'gt', 'crew', 'witness'), { minLength: 1, maxLength: 3 })
      .map((words) => words.join('-'));
    fc.assert(
      fc.property(
        fc.uniqueArray(part, { maxLength: 6 }),
        fc.array(fc.tuple(fc.nat(), fc.boolean(), part), { maxLength: 15 }),
        (names, workers) => {
          const town = townWith({ 'mayor/rigs.json': registry(...names) });
          dirs(town.root, ...names);
          for (const [index, crew, name] of workers) {
            if (names.length > 0)
              dirs(town.root, `${names[index % names.length]}/${crew ? 'crew' : 'polecats'}/${name}`);
          }
          const { rigs } = loadRigs(town);
          const sessions = agentsOf(rigs.known ? rigs.value : []).map(sessionOf);
          expect(new Set(sessions).size).toBe(sessions.length);
        },
      ),
      { numRuns: 60 },
    );
  });
});
