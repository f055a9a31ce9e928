import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseStat, processTable, standingOf } from '../../src/persist/process-identity.ts';

describe('a process identity', () => {
  it.skipIf(!existsSync('/proc/self/stat'))(
    'reads the start of living processes from /proc (skipped: no /proc here)',
    () => {
      const table = processTable();
      expect(table.self.start).toMatch(/^\d+$/);
      expect(table.startOf(process.pid)).toEqual({ kind: 'running', start: table.self.start });
      expect(standingOf(table.self, table)).toBe('running');
      expect(table.startOf(2 ** 30)).toEqual({ kind: 'gone' });
    },
  );

  it('finds the fields behind a command of brackets and spaces', () => {
    const fields = Array.from({ length: 49 }, (_, index) => String(index + 4)).join(' ');
    expect(parseStat(`7 (a) S 1) (b ) S ${fields}`)).toEqual({ state: 'S', start: '22' });
    expect(parseStat('')).toBeNull();
    expect(parseStat('7 (sh) S 1')).toBeNull();
  });
});
