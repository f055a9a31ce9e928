import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import * as v from 'valibot';
import { beforeEach, describe, expect, it } from 'vitest';
import { snapshotSchema } from '../../src/persist/pass-schema.ts';
import { listPasses, readPass, savePass } from '../../src/persist/passes.ts';
import { type Layout, layout } from '../../src/town/layout.ts';
import { snapshotAt } from '../decide/given.ts';
import { scratch } from '../town/scratch.ts';

let town: Layout;

beforeEach(() => {
  town = layout(scratch());
});

function id(minute: number): string {
  return `${new Date(Date.UTC(2026, 10, 21) + minute * 60_000).toISOString()}-3f2a`;
}

describe('the stored passes', { timeout: 60_000 }, () => {
  it('come back newest first, with rights 0600', () => {
    expect(listPasses(town)).toEqual([]);
    for (const minute of [2, 1, 3]) savePass(town, id(minute), { minute });
    expect(listPasses(town)).toEqual([id(3), id(2), id(1)]);
    expect(readPass(town, id(2))).toMatchObject({ kind: 'ok', value: { minute: 2 } });
    expect(statSync(`${town.passesDir}/${id(2)}.json`).mode & 0o777).toBe(0o600);
  });

  it('keep which rigs were silent, so that a replay knows as little', () => {
    const snapshot = snapshotAt(0, [], { silentRigs: ['proj'] });
    expect(v.parse(snapshotSchema, JSON.parse(JSON.stringify(snapshot)))).toEqual(snapshot);
  });

  it('are not called none where they cannot be read', () => {
    mkdirSync(town.daemonDir, { recursive: true });
    writeFileSync(town.passesDir, '');
    expect(() => listPasses(town)).toThrow('could not be read');
  });

  it('are no more than two hundred', () => {
    for (let minute = 0; minute < 230; minute += 1) savePass(town, id(minute), {});
    expect(listPasses(town)).toHaveLength(200);
    expect(listPasses(town).at(-1)).toBe(id(30));
    expect(readdirSync(town.passesDir)).toHaveLength(200);
  });

  it('are no more than 32 MiB, but the newest always stays', () => {
    for (let minute = 0; minute < 12; minute += 1) savePass(town, id(minute), 'x'.repeat(4_000_000));
    expect(listPasses(town)).toEqual([11, 10, 9, 8, 7, 6, 5].map(id));
    savePass(town, id(0), 'late');
    expect(readPass(town, id(0))).toMatchObject({ value: 'late' });
  });

  it('leave files alone that are none of theirs, and never leave their directory', () => {
    mkdirSync(town.passesDir, { recursive: true });
    writeFileSync(`${town.passesDir}/notes.json`, '');
    for (let minute = 0; minute < 203; minute += 1) savePass(town, id(minute), {});
    expect(readdirSync(town.passesDir)).toContain('notes.json');
    for (const bad of ['../state', '', '2026', `../passes/${id(1)}`, `${id(1)}/x`]) {
      expect(readPass(town, bad)).toEqual({ kind: 'absent' });
      expect(() => savePass(town, bad, {})).toThrow(expect.objectContaining({ exit: 64 }));
    }
  });
});
