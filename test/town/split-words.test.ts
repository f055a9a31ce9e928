import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitWords } from '../../src/town/split-words.ts';

describe('splitting a command line', () => {
  it.each([
    ['claude --continue', ['claude', '--continue']],
    ['  a   b ', ['a', 'b']],
    [`a 'b c' "d e" f\\ g`, ['a', 'b c', 'd e', 'f g']],
    [`a '' ""`, ['a', '', '']],
    [`a "say \\"hi\\" \\\\ \\n"`, ['a', 'say "hi" \\ \\n']],
    [`a x'y z'w`, ['a', 'xy zw']],
    [`a '$HOME;|' b~c`, ['a', '$HOME;|', 'b~c']],
    [`node /opt/agent.js --name=x=y`, ['node', '/opt/agent.js', '--name=x=y']],
  ])('takes %s as a shell would', (line, words) => {
    expect(splitWords(line)).toEqual({ kind: 'words', words });
  });

  it.each([
    '',
    '   ',
    `a 'b`,
    'a "b',
    'a \\',
    'a | b',
    'a; b',
    'a && b',
    'a > f',
    'a $HOME',
    'a "$HOME"',
    'a `id`',
    '~/bin/a',
    'a *.ts',
    'X=1 a',
    'a\nb',
  ])('refuses %j, which needs a shell or is unfinished', (line) => {
    expect(splitWords(line).kind).toBe('refused');
  });

  it('gives back any words that were quoted', () => {
    const word = fc.string().filter((text) => !/[\u0000-\u001f\u007f]/.test(text));
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), (words) => {
        const line = ['x', ...words.map((text) => `'${text.replaceAll("'", `'\\''`)}'`)].join(' ');
        expect(splitWords(line)).toEqual({ kind: 'words', words: ['x', ...words] });
      }),
    );
  });
});
