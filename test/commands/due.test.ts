import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dueDocument } from '../../src/commands/tick/gate-document.ts';
import type { Touched } from '../../src/store/port.ts';
import { bareTown, gt } from './told.ts';

let town: string;
beforeEach(() => {
  town = bareTown();
});
afterEach(() => rmSync(town, { recursive: true, force: true }));

const start = Date.parse('2026-03-01T12:00:00Z');
const clock = (minutes: number) => ({
  env: { GT_CLOCK: JSON.stringify({ wall: start + minutes * 60_000, boot: '' }) },
});
const gate = (touched?: Touched): void => {
  const due = {
    passStartedAt: start,
    dueAt: start + 300_000,
    everyMs: 60_000,
    boot: null,
    tiers: [{ belowMs: null, intervalMs: 300_000 }],
  };
  writeFileSync(`${town}/daemon/due.json`, JSON.stringify(dueDocument(due, 300_000, touched)));
};

describe('gt due', () => {
  it('says with its exit status whether a heartbeat is due', async () => {
    gate();
    expect(await gt(town, ['due'], clock(1))).toMatchObject({ exit: 1, err: '' });
    expect(await gt(town, ['due'], clock(5))).toMatchObject({ exit: 0, err: '' });
  });

  it('says when the next one comes', async () => {
    gate();
    expect((await gt(town, ['due'], clock(1))).out).toMatch(
      /^No heartbeat is due. Next: in 4 min, \d\d:\d\d\.\n$/,
    );
    expect(JSON.parse((await gt(town, ['due', '--json'], clock(1))).out)).toEqual({
      schema: 'gt.due/1',
      town,
      due: false,
      why: 'not-yet',
      next_due_at: '2026-03-01T12:05:00.000Z',
    });
  });

  it('promises no heartbeat where the beads were written to and nobody has looked yet', async () => {
    gate({ file: `${town}/mayor/town.json`, stamp: -1 });
    const { exit, out } = await gt(town, ['due'], clock(1));
    expect(exit).toBe(0);
    expect(out).not.toContain('A heartbeat is due');
    expect(out).toMatch(
      /^gt tick has something to look at: .*; a heartbeat runs only if a request is among it\.\n$/,
    );
  });

  it('writes nothing', async () => {
    const before = readdirSync(town, { recursive: true });
    expect((await gt(town, ['due'])).out).toContain('A heartbeat is due');
    expect(readdirSync(town, { recursive: true })).toEqual(before);
  });
});
