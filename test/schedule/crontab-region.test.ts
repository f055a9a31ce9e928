import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { regionIn, withoutRegion, withRegion } from '../../src/schedule/crontab-region.ts';

const town = '/home/you/gt';
const other = '/home/you/gt2';

/** Lines as people have them, with every kind of end, and a last one that may have none. */
const line = fc.constantFrom(
  '# m h  dom mon dow   command',
  'MAILTO=you',
  '5 5 * * * tar czf /backup-$(date +\\%F).tgz ~',
  '* * * * * /bin/true',
  '# caf\u00e9 in Latin-1',
  '# BEGIN gt /home/you/gt3',
  '# END gt /home/you/gt ',
  ' # BEGIN gt /home/you/gt',
  '',
);
const table = fc
  .tuple(
    fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n'))),
    fc.constantFrom('', '17 * * * * last', '# last\r'),
  )
  .map(([lines, last]) => lines.map((pair) => pair.join('')).join('') + last);

describe('the region of a town in a crontab', () => {
  it('goes without a trace: every foreign byte stays, line ends and a missing last one included', () => {
    fc.assert(
      fc.property(table, fc.constantFrom(town, other), (foreign, name) => {
        const installed = withRegion(foreign, name, ['* * * * * gt tick']);
        expect(installed.startsWith(foreign)).toBe(true);
        expect(regionIn(installed, name)).toEqual(['* * * * * gt tick']);
        expect(withoutRegion(installed, name)).toBe(foreign);
      }),
      { numRuns: 500 },
    );
  });

  it('is replaced where it stands, however often', () => {
    fc.assert(
      fc.property(table, table, (before, after) => {
        const once = withRegion(before, town, ['* * * * * one']) + after;
        const twice = withRegion(once, town, ['* * * * * two']);
        expect(twice).toBe(withRegion(before, town, ['* * * * * two']) + after);
        expect(withRegion(twice, town, ['* * * * * two'])).toBe(twice);
        expect(withoutRegion(twice, town)).toBe(before + after);
      }),
    );
  });

  it('lets several towns stand side by side, one of whose names begins the other', () => {
    const mine = '# mine\n';
    const both = withRegion(withRegion(mine, town, ['* * * * * one']), other, ['* * * * * two']);
    expect(regionIn(both, town)).toEqual(['* * * * * one']);
    expect(regionIn(both, other)).toEqual(['* * * * * two']);
    expect(withoutRegion(both, town)).toBe(withRegion(mine, other, ['* * * * * two']));
    expect(withoutRegion(withoutRegion(both, other), town)).toBe(mine);
  });

  it('is still known after an editor has changed all line ends', () => {
    const crlf = withRegion('# a\n', town, ['* * * * * one']).replaceAll('\n', '\r\n');
    expect(regionIn(crlf, town)).toEqual(['* * * * * one']);
    expect(withoutRegion(crlf, town)).toBe('# a\r\n');
  });

  it.each([
    ['one mark is missing', `# BEGIN gt ${town}\n* * * * * one\n`],
    ['they stand in the wrong order', `# END gt ${town}\n# BEGIN gt ${town}\n`],
    ['there are two pairs', withRegion('', town, ['x']).repeat(2)],
  ])('is left alone when %s', (_, damaged) => {
    expect(() => withRegion(damaged, town, ['y'])).toThrow(/do not stand in one pair/);
    expect(() => withoutRegion(damaged, town)).toThrow(/do not stand in one pair/);
  });
});
