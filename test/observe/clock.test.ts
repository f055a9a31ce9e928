import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readClock } from '../../src/observe/clock.ts';

const dir = mkdtempSync(join(tmpdir(), 'gt-clock-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const marked = join(dir, 'test-town');
writeFileSync(marked, '');
const unmarked = join(dir, 'absent');
const GT_CLOCK = '{"wall":"2030-01-02T03:04:05.678901Z","awake":7,"boot":"b"}';

describe('readClock', () => {
  it('reads clocks that go on and agree on the boot', () => {
    const one = readClock({ env: {} }, { testMarker: unmarked });
    const two = readClock({ env: {} }, { testMarker: unmarked });
    expect(two.awake).toBeGreaterThanOrEqual(one.awake);
    expect(two.boot).toBe(one.boot);
    expect(one.uptime).toBeGreaterThan(0);
  });

  it('obeys GT_CLOCK in a test town only, key by key', () => {
    const wall = Date.UTC(2030, 0, 2, 3, 4, 5, 678);
    expect(readClock({ env: { GT_CLOCK } }, { testMarker: marked })).toMatchObject({
      wall,
      awake: 7,
      boot: 'b',
    });
    expect(readClock({ env: { GT_CLOCK: '{"wall":5}' } }, { testMarker: marked })).toMatchObject({ wall: 5 });
    const real = readClock({ env: { GT_CLOCK } }, { testMarker: unmarked });
    expect(real.wall).not.toBe(wall);
    expect(real.boot).not.toBe('b');
  });

  it.each(['{', '7', '{"wall":"noon"}', '{"awake":"1"}', '{"typo":1}', '{"boot":1}'])(
    'refuses %s',
    (text) => {
      expect(() => readClock({ env: { GT_CLOCK: text } }, { testMarker: marked })).toThrow(/GT_CLOCK/);
    },
  );
});
