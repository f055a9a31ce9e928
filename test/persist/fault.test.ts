import { afterEach, describe, expect, it } from 'vitest';
import { armFaults, fault, faultPoints } from '../../src/persist/fault.ts';

afterEach(() => armFaults(false, {}));

describe('fault points', () => {
  it('do nothing outside a test town, whatever the environment says', () => {
    armFaults(false, { GT_FAULT: 'lock.taken:1:throw:EIO' });
    expect(() => fault('lock.taken')).not.toThrow();
    armFaults(false, { GT_FAULT: 'nonsense' });
  });

  it('strike at the n-th hit, once, and only where they were armed', () => {
    armFaults(true, { GT_FAULT: 'lock.taken:2:throw:EIO,json.written:1:throw:ENOSPC' });
    fault('lock.taken');
    expect(() => fault('lock.taken')).toThrow(expect.objectContaining({ code: 'EIO' }));
    fault('lock.taken');
    fault('lock.elected');
    expect(() => fault('json.written')).toThrow(expect.objectContaining({ code: 'ENOSPC' }));
  });

  it('can delay', () => {
    armFaults(true, { GT_FAULT: 'lock.taken:1:delay:30' });
    const start = performance.now();
    fault('lock.taken');
    expect(performance.now() - start).toBeGreaterThan(25);
  });

  it.each([
    'x:1:kill',
    'lock.taken',
    'lock.taken:0:kill',
    'lock.taken:1:explode',
    'lock.taken:1:throw',
    'toString:1:kill',
  ])('refuse %s in a test town, so that a misspelt fault is no passed test', (text) => {
    expect(() => armFaults(true, { GT_FAULT: text })).toThrow(
      expect.objectContaining({ code: 'fault-invalid' }),
    );
  });

  it('are named <room>.<moment> and each says what it means', () => {
    for (const [name, meaning] of Object.entries(faultPoints)) {
      expect(name).toMatch(/^[a-z]+\.[a-z-]+$/);
      expect(meaning.length).toBeGreaterThan(10);
    }
  });
});
