import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapePath } from '../../src/schedule/unit-name.ts';
import { hasProgram } from './programs.ts';

describe('a town’s path as a unit’s instance', () => {
  it.each([
    ['/home/you/gt', 'home-you-gt'],
    ['/', '-'],
    ['/.hidden/a.b', '\\x2ehidden-a.b'],
    ['/a-b/c d', 'a\\x2db-c\\x20d'],
    ['/ä', '\\xc3\\xa4'],
  ])('%s is %s', (path, instance) => {
    expect(escapePath(path)).toBe(instance);
  });

  it.skipIf(!hasProgram('systemd-escape'))('is what systemd-escape says [needs systemd-escape]', () => {
    const part = fc.stringMatching(/^[ -.0-~\u00e4]{1,12}$/).filter((text) => text !== '.' && text !== '..');
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 3 }), (parts) => {
        const path = `/${parts.join('/')}`;
        const said = execFileSync('systemd-escape', ['--path', '--', path]).toString().replace(/\n$/, '');
        expect(escapePath(path)).toBe(said);
      }),
      { numRuns: 60 },
    );
  });
});
