import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sameInput } from '../../src/agents/composer.ts';
import { readScreen } from '../../src/agents/screen.ts';
import { captures, claude } from './captures.ts';

describe('a screen', () => {
  it.each(captures)('is read as what it shows: $name', ({ kind, screen, composer }) => {
    const read = readScreen(screen, claude);
    expect(read).toMatchObject({ kind });
    if (composer !== undefined) expect(read.composer).toBe(composer);
  });

  it('names a dialog by its question', () => {
    const dialog = captures.find(({ name }) => name === 'a permission dialog');
    expect(readScreen(dialog?.screen ?? '', claude).detail).toBe('Do you want to proceed?');
  });

  it('never shows the words of a draft', () => {
    expect(readScreen('❯ a secret', claude).detail).toBe('8 characters');
  });

  it('is never typed into where the runtime has no known composer', () => {
    expect(readScreen('❯ ', { composer: [], busy: [] }).kind).toBe('unreadable');
  });

  it('is no usage limit when it speaks of a full context, even where the runtime’s words for that are not known', () => {
    const screen = '⎿ Context limit reached · /compact or /clear to continue\n──────\n❯ \n──────';
    expect(readScreen(screen, { composer: ['❯'], busy: [] }).kind).toBe('empty-composer');
  });

  it('is a full context where it says so in the runtime’s own words, whatever else those sound like', () => {
    const words = { composer: ['❯'], busy: [], context: ['usage limit of this thread reached'] };
    const screen = 'Usage limit of this thread reached\n──────\n❯ \n──────';
    expect(readScreen(screen, words).kind).toBe('context');
    expect(readScreen(screen, { ...words, context: [] }).kind).toBe('limit');
  });

  it('is a draft whatever somebody typed, unless that looks like a menu, a limit or a login', () => {
    const word = fc.stringMatching(/^[a-z;#$"'\\{}%-]{1,9}$/);
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 12 }), (words) => {
        const typed = words.join(' ');
        const read = readScreen(`ok\n\n──────\n❯ ${typed}\n──────\n  ? for shortcuts`, claude);
        expect(read.composer).toBe(typed);
        expect(read.kind).toBe('draft');
      }),
    );
  });

  it('is read without an error, whatever bytes it holds', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom('\x1b[', '\x1b]8;', '\x1b[2m', '\x0e', '\0', '\ud800', '❯', '│', '\n', '1. '),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        readScreen(pieces.join(''), claude);
      }),
    );
  });
});

describe('the same input', () => {
  it('is recognised however a terminal wrapped it', () => {
    expect(sameInput('HEARTBEAT: look at\n  your mail', 'HEARTBEAT: look at your mail')).toBe(true);
    expect(sameInput('HEARTBEAT: look at your mail x', 'HEARTBEAT: look at your mail')).toBe(false);
  });
});
