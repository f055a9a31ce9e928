import { describe, expect, it } from 'vitest';
import { defaultPrefix, isPrefix } from '../../src/town/rig-prefix.ts';

describe('the prefix of a rig (spec/agents.md §3.12)', () => {
  it.each([
    ['proj', 'pr'],
    ['gt', 'gt'],
    ['abc', 'abc'],
    ['my_cool_app', 'mca'],
    ['my-app', 'ma'],
    ['Toast', 'to'],
  ])('of %s is %s', (name, prefix) => {
    expect(defaultPrefix(name, new Set())).toBe(prefix);
  });

  it('is longer when another rig has it, and always one that can be used', () => {
    expect(defaultPrefix('proj', new Set(['pr']))).toBe('pro');
    for (const name of ['7', '_', '--', 'a', '9lives', '____']) {
      const taken = new Set<string>();
      for (let i = 0; i < 5; i++) {
        const prefix = defaultPrefix(name, taken);
        expect(isPrefix(prefix), prefix).toBe(true);
        expect(taken).not.toContain(prefix);
        taken.add(prefix);
      }
    }
  });
});
