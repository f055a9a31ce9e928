import { describe, expect, it } from 'vitest';
import { table } from '../../src/show/table.ts';

describe('table', () => {
  it('makes each column as wide as its longest cell', () => {
    expect(
      table([
        ['a', 'bcd', 'x'],
        ['abc', 'b', 'yy'],
      ]),
    ).toEqual(['a    bcd  x', 'abc  b    yy']);
  });

  it('gives colour codes no room', () => {
    expect(
      table([
        ['\u001b[31mab\u001b[39m', '|'],
        ['abc', '|'],
      ]),
    ).toEqual(['\u001b[31mab\u001b[39m   |', 'abc  |']);
  });

  it('leaves no blanks at the end of a line, and takes rows of any length', () => {
    expect(table([['a', ''], ['b'], []])).toEqual(['a', 'b', '']);
  });
});
