import { mkdirSync, symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { holdOn } from '../../src/town/hold-scope.ts';
import { readHolds } from '../../src/town/holds.ts';
import { rigAgent, townAgent, worker } from '../../src/town/identity.ts';
import { townWith } from './scratch.ts';

const now = Date.parse('2026-03-01T12:00:00Z');
const park = {
  target: 'proj',
  kind: 'parked',
  reason: 'quiet',
  by: 'ann',
  since: '2026-03-01T11:00:00Z',
  until: null,
};
const file = 'daemon/holds.json';

function holds(files: Readonly<Record<string, unknown>>, rigs: readonly string[] = []) {
  const read = readHolds(townWith(files), now, rigs);
  return read.known ? read.value : read.reason;
}

describe('holds', () => {
  it('are none where nothing says so', () => {
    expect(holds({})).toEqual([]);
    expect(holds({ [file]: { version: 1, holds: [] } })).toEqual([]);
  });

  it.each([
    ['broken toolchain\nmore', 'broken toolchain'],
    ['', 'no reason given'],
    ['\n\n  later\r\n', 'later'],
    ['\u001b[31mred', '[31mred'],
    ['x'.repeat(100_000), 'no reason given'],
  ])('of an ESTOP file have its first line as their reason', (text, reason) => {
    const found = holds({ ESTOP: text });
    expect(found).toMatchObject([{ target: '*', kind: 'estop', reason }]);
    expect(found).toEqual([expect.objectContaining({ since: expect.stringMatching(/^20/) })]);
  });

  it('hold the town whatever ESTOP is', () => {
    const town = townWith();
    mkdirSync(town.estopFile);
    expect(readHolds(town, now)).toMatchObject({ known: true, value: [{ target: '*' }] });
    const linked = townWith();
    symlinkSync('/nowhere', linked.estopFile);
    expect(readHolds(linked, now).known).toBe(false);
  });

  it('end by themselves when their time is over', () => {
    const until = (time: string | null) => ({ version: 1, holds: [{ ...park, until: time }] });
    expect(holds({ [file]: until('2026-03-01T12:00:00Z') })).toEqual([]);
    expect(holds({ [file]: until('2026-03-01T12:00:01Z') })).toHaveLength(1);
    expect(holds({ [file]: until(null) })).toEqual([park]);
  });

  it.each([
    '',
    'null',
    '{',
    '{}',
    '[]',
    { version: 2, holds: [] },
    { version: 1, holds: [5] },
    { version: 1, holds: [{ ...park, target: '' }] },
    { version: 1, holds: [{ ...park, until: 'soon' }] },
    { version: 1, holds: [{ ...park, kind: 'nap' }] },
  ])('are unknown, never none, when their file is %j', (content) => {
    expect(holds({ [file]: content })).toContain('holds.json');
  });

  it('honour what upstream says of a rig, and leave alone a rig it says something unreadable of', () => {
    const status = (values: unknown) => ({ rig: 'proj', values, blocked: [] });
    const of = (content: unknown) => holds({ '.beads-wisp/config/proj.json': content });
    expect(of(status({ status: 'docked' }))).toMatchObject([
      { target: 'proj', kind: 'parked', reason: 'docked' },
    ]);
    expect(of(status({ status: 'parked' }))).toMatchObject([
      { target: 'proj', kind: 'parked', reason: 'parked' },
    ]);
    expect(of(status({ auto_restart: false }))).toMatchObject([{ target: 'proj', kind: 'hold' }]);
    expect(of(status({ status: 'operational' }))).toEqual([]);
    expect(of(status(null))).toEqual([]);
    for (const broken of ['', '{', 'null', '{"values":5}'])
      expect(of(broken), broken).toMatchObject([{ target: 'proj', kind: 'hold' }]);
  });

  it('honour which patrols upstream keeps', () => {
    const patrols = (value: object) => holds({ 'mayor/daemon.json': { patrols: value } }, ['a', 'b']);
    expect(patrols({ witness: { enabled: true, rigs: ['a'] } })).toMatchObject([{ target: 'b/witness' }]);
    expect(patrols({ refinery: { enabled: false } })).toMatchObject([
      { target: 'a/refinery' },
      { target: 'b/refinery' },
    ]);
    expect(patrols({ deacon: { enabled: false } })).toMatchObject([{ target: 'deacon' }]);
    expect(patrols({ deacon: { enabled: true }, witness: { rigs: ['a', 'b'] } })).toEqual([]);
    expect(holds({ 'mayor/daemon.json': '{' })).toContain('daemon.json');
  });

  it('cover an agent by town, rig or name, the widest first', () => {
    const hold = (target: string) => ({ ...park, kind: 'hold', target }) as const;
    const max = worker('proj', 'crew', 'max');
    const all = [hold('proj/crew/max'), hold('proj'), hold('*')];
    expect(holdOn(all, max)?.target).toBe('*');
    expect(holdOn(all.slice(0, 2), max)?.target).toBe('proj');
    expect(holdOn(all.slice(0, 1), max)?.target).toBe('proj/crew/max');
    expect(holdOn(all.slice(0, 2), rigAgent('proj-2', 'witness'))).toBeNull();
    expect(holdOn([hold('deacon')], townAgent('deacon'))?.target).toBe('deacon');
    expect(holdOn(all.slice(0, 2), townAgent('deacon'))).toBeNull();
  });
});
