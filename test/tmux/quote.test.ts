import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { literalFormat, quote } from '../../src/tmux/quote.ts';
import { privateTmux } from '../rig/tmux.ts';

const server = privateTmux();
beforeAll(async () => {
  await server.tmux('new-session', '-d', '-s', 'quotes', 'cat');
});
afterAll(() => server.close());

const nasty = [
  "'",
  '"',
  ';',
  '\\',
  '#{pid}',
  '#',
  '$HOME',
  '~',
  '%if',
  '{',
  '}',
  '\t',
  ' ',
  '-x',
  'é',
  '漢',
  '😀',
  '\r',
  '\x1b',
];
const word = fc
  .array(fc.oneof(fc.constantFrom(...nasty), fc.string({ unit: 'binary', maxLength: 8 })), { maxLength: 8 })
  .map((parts) => parts.join('').replace(/[\n\0]/g, ''));

describe('quote', () => {
  it('carries any word through a real server unchanged', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 20 }), async (words) => {
        const lines = words.map((each, n) => `set-option -g -- @q${n} ${quote(each)}`);
        const shows = words.map((_, n) => `display-message -p ${quote(`<#{@q${n}}>`)}`);
        const ran = await server.client.call(['source-file', '-'], `${[...lines, ...shows].join('\n')}\n`);
        expect(ran.stderr).toBe('');
        expect(ran.stdout).toBe(words.map((each) => `<${each}>\n`).join(''));
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it('refuses what a tmux word cannot hold', () => {
    expect(() => quote('a\nb')).toThrow(RangeError);
    expect(() => quote('a\0b')).toThrow(RangeError);
  });

  it('protects text from format expansion', async () => {
    const text = '#{pid} #S ##{x} #[fg=red] a#';
    const ran = await server.client.call(
      ['source-file', '-'],
      `display-message -p ${quote(literalFormat(text))}\n`,
    );
    expect(ran.stdout).toBe(`${text}\n`);
  });
});
