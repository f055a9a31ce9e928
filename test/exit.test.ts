import { describe, expect, it } from 'vitest';
import { exitStatus, Failure, failureOf } from '../src/exit.ts';

const refused = (code: string, path?: string): Error =>
  Object.assign(new Error(`${code}: no`), { code, path });

describe('failureOf', () => {
  it.each([
    ['ENOSPC', 74],
    ['EDQUOT', 74],
    ['EROFS', 74],
    ['EIO', 74],
    ['EMFILE', 74],
    ['EACCES', 77],
    ['EPERM', 77],
  ])('knows what %s means: exit %d', (code, exit) => {
    expect(failureOf(refused(code))?.exit).toBe(exit);
  });

  it('names the place in the command to run next', () => {
    expect(failureOf(refused('ENOSPC', '/town/daemon'))?.hint).toBe('df -h /town/daemon');
  });

  it('passes failures through', () => {
    const failure = new Failure('busy', exitStatus.busy, 'somebody works here');
    expect(failureOf(failure)).toBe(failure);
  });

  it.each([new TypeError('x is not a function'), refused('ENOENT'), 'text', null, undefined])(
    'takes what nobody foresaw for a bug',
    (error) => {
      expect(failureOf(error)).toBeNull();
    },
  );

  it('has statuses that nobody confuses: each has one meaning', () => {
    const statuses = Object.values(exitStatus);
    expect(new Set(statuses).size).toBe(statuses.length);
  });
});
