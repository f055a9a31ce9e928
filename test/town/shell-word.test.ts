import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shellWord } from '../../src/town/shell-word.ts';

describe('a word for a shell', () => {
  it('stays as it is when no shell would change it', () => {
    expect(shellWord('/home/ana/gt')).toBe('/home/ana/gt');
  });

  it('is read back by a real shell, whatever is in it', () => {
    const words = fc.sample(fc.string({ unit: 'binary' }), 200).filter((text) => !text.includes('\0'));
    const all = [...words, "it's", 'a b', '$HOME', '`id`', '', '-n', '\n', '~'].map((text) => `/t/${text}`);
    const script = all.map((text) => `printf '%s\\0' ${shellWord(text)}`).join('\n');
    const read = execFileSync('/bin/sh', { input: script, encoding: 'utf8' }).split('\0').slice(0, -1);
    expect(read).toEqual(all.map((text) => Buffer.from(text).toString('utf8')));
  });
});
