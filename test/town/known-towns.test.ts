import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { knownTownsFile, readKnownTowns } from '../../src/town/known-towns.ts';
import { forgetTowns, noteMissing, rememberTown } from '../../src/town/known-towns-edit.ts';
import { scratch } from './scratch.ts';

const at = (minute: number) => ({ since: `2026-03-01T12:0${minute}:00.000Z`, command: 'gt install' });

describe('the list of a user’s towns', () => {
  it('is in the state directory of the user, wherever that is, and nowhere without a home', () => {
    const home = scratch();
    expect(knownTownsFile({ HOME: home })).toBe(`${home}/.local/state/gt/towns.json`);
    expect(knownTownsFile({ HOME: home, XDG_STATE_HOME: '/s' })).toBe('/s/gt/towns.json');
    expect(knownTownsFile({ HOME: home, XDG_STATE_HOME: 'relative' })).toBe(
      `${home}/.local/state/gt/towns.json`,
    );
    expect(knownTownsFile({ HOME: `${home}/gone` })).toBeNull();
    expect(knownTownsFile({})).toBeNull();
  });

  it('is the user’s alone, and holds each town once with the time it came', async () => {
    const file = `${scratch()}/gt/towns.json`;
    expect(readKnownTowns(file)).toEqual({ kind: 'absent' });
    expect(await rememberTown(file, '/a', at(1))).toBe(true);
    expect(await rememberTown(file, '/b c', at(2))).toBe(true);
    const bytes = readFileSync(file, 'utf8');
    expect(await rememberTown(file, '/a', at(3))).toBe(false);
    expect(readFileSync(file, 'utf8')).toBe(bytes);
    expect(readKnownTowns(file)).toEqual({
      kind: 'ok',
      towns: [
        { root: '/a', since: at(1).since, missingSince: null },
        { root: '/b c', since: at(2).since, missingSince: null },
      ],
    });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(file)).mode & 0o777).toBe(0o700);
  });

  it('keeps a town that is away, with the time since when, until it is back or forgotten', async () => {
    const file = `${scratch()}/towns.json`;
    const missing = () => {
      const read = readKnownTowns(file);
      return read.kind === 'ok' ? read.towns.map(({ root, missingSince }) => [root, missingSince]) : read;
    };
    for (const root of ['/a', '/b']) await rememberTown(file, root, at(1));
    await noteMissing(file, ['/a'], at(2));
    await noteMissing(file, ['/a'], at(3));
    expect(missing()).toEqual([
      ['/a', at(2).since],
      ['/b', null],
    ]);
    await noteMissing(file, [], at(4));
    expect(missing()).toEqual([
      ['/a', null],
      ['/b', null],
    ]);
    await forgetTowns(file, ['/a'], at(5));
    expect(missing()).toEqual([['/b', null]]);
  });

  it('never writes over a list that it cannot read', async () => {
    const file = `${scratch()}/towns.json`;
    for (const text of ['{', '[]', '{"version":2,"towns":[]}', '']) {
      writeFileSync(file, text);
      expect(readKnownTowns(file)).toMatchObject({ kind: 'unreadable' });
      await expect(rememberTown(file, '/a', at(1))).rejects.toMatchObject({
        code: 'towns-unreadable',
        exit: 65,
      });
      expect(readFileSync(file, 'utf8')).toBe(text);
      expect(existsSync(`${file}.lock`)).toBe(false);
    }
  });

  it('loses nobody when several installs write it at once', async () => {
    const file = `${scratch()}/towns.json`;
    const roots = Array.from({ length: 8 }, (_, index) => `/t${index}`);
    const tried = await Promise.allSettled(roots.map((root) => rememberTown(file, root, at(1))));
    const read = readKnownTowns(file);
    const listed = read.kind === 'ok' ? read.towns.map(({ root }) => root) : [];
    const done = roots.filter((_, index) => tried[index]?.status === 'fulfilled');
    expect(done.length).toBeGreaterThan(0);
    expect(listed).toEqual(expect.arrayContaining(done));
  });
});
