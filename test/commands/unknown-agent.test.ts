import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gt, rigTown } from './told.ts';

let town: string;
beforeAll(() => {
  town = rigTown('crew/max');
  writeFileSync(
    join(town, 'settings/config.json'),
    JSON.stringify({ tick: { socket: 'gt-test-nobody', tmux_tmpdir: town } }),
  );
});
afterAll(() => rmSync(town, { recursive: true, force: true }));

describe('an agent that the town does not have', () => {
  it.each([
    ['session start'],
    ['session stop'],
    ['session restart'],
    ['session at'],
    ['session status'],
    ['session capture'],
    ['peek'],
    ['nudge'],
    ['hook show'],
    ['sling x-1'],
    ['polecat status'],
    ['crew start'],
    ['mail inbox'],
  ])('is not found, 1, by what upstream had: gt %s', async (words) => {
    const { exit, err } = await gt(town, [...words.split(' '), 'proj/mxa']);
    expect(exit).toBe(1);
    expect(err).toContain('proj/mxa');
  });

  it.each([
    ['why'],
    ['log'],
    ['hold --reason x'],
    ['resume'],
    ['reset'],
    ['lifecycle request cycle --agent'],
    ['tick --only'],
  ])('is wrong usage, 64, to what only gt has: gt %s', async (words) => {
    const { exit, err } = await gt(town, [...words.split(' '), 'proj/mxa']);
    expect(exit).toBe(64);
    expect(err).toContain('There is no agent proj/mxa in this town. Did you mean proj/crew/max?');
  });

  it('is named in the same words by all commands for sessions, with the nearest that there is', async () => {
    const told = await Promise.all(
      ['start', 'stop', 'restart', 'at', 'status', 'capture'].map((verb) =>
        gt(town, ['session', verb, 'proj/mxa']),
      ),
    );
    expect([...new Set(told.map(({ err }) => err))]).toEqual([
      'gt: session "proj/mxa" not found: no agent is called so. Did you mean proj/crew/max?\n    next: gt status\n',
    ]);
  });
});
