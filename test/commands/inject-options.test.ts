import { describe, expect, it } from 'vitest';
import { understand } from '../../src/cli.ts';
import { optionsIn } from '../../src/commands/mail/inject.ts';

const plain = [
  [],
  ['--town', '/a', '--town=/b'],
  ['--address', 'a', '--identity', 'b'],
  ['--identity', 'b', '--address', 'a'],
  ['--identity=a', '--identity', 'b'],
  ['--address=a=b', '--address=-c'],
];

describe('the options of gt mail check --inject', () => {
  it.each(plain.map((options) => [options.join(' '), options]))(
    'are read as yargs reads them: %s',
    async (_, options) => {
      const line = await understand(['mail', 'check', '--inject', ...options]);
      if (typeof line === 'string') throw new Error(line);
      const { given } = line;
      expect(optionsIn(['--inject', ...options])).toEqual({
        town: given.text('town'),
        address: given.text('address') ?? given.text('identity'),
      });
    },
  );

  it.each([
    [['--town', '--json']],
    [['--address', '--inject']],
    [['--identity', '-h']],
    [['--town']],
    [['--json']],
    [['x']],
  ])('are left to yargs: %j', (options) => {
    expect(optionsIn(['--inject', ...options])).toBeNull();
  });
});
