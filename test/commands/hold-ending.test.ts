import { describe, expect, it } from 'vitest';
import { endingOf } from '../../src/commands/operator/hold-ending.ts';
import type { Hold } from '../../src/model/rig.ts';

const hold = (kind: Hold['kind'], target: string, by = 'max'): Hold => ({
  kind,
  target,
  by,
  reason: 'review',
  since: null,
  until: null,
});

describe('how a hold ends', () => {
  it.each([
    [hold('estop', '*', "/towns/o'ne/ESTOP"), `rm '/towns/o'\\''ne/ESTOP'`],
    [hold('parked', 'proj'), 'gt rig unpark proj'],
    [
      hold('parked', 'proj', '/my town/.beads-wisp/config/proj.json'),
      "${EDITOR:-vi} '/my town/.beads-wisp/config/proj.json'",
    ],
    [hold('shutdown', '*'), 'gt up'],
    [hold('shutdown', 'proj/witness'), 'gt resume proj/witness'],
    [hold('hold', '*'), 'gt resume'],
    [hold('hold', 'proj'), 'gt resume proj'],
  ])('%j', (one, command) => {
    expect(endingOf(one)).toBe(command);
  });
});
