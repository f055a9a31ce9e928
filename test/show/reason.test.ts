import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { evidenceText, reasonText } from '../../src/show/reason.ts';

const rules = new URL('../../src/decide/', import.meta.url);
const slugs = readdirSync(rules).flatMap((file) => {
  const text = readFileSync(new URL(file, rules), 'utf8');
  return [...text.matchAll(/(?:(?<!readonly )why:|\b(?:refused|retired|wait)\()\s*'([a-z-]+)'/g)].map(
    ([, slug = '']) => slug,
  );
});

describe('why the keeper did something, or did not', () => {
  it('is told in words, whatever the rule', () => {
    expect(slugs).toEqual(expect.arrayContaining(['flag-missing', 'contradiction', 'undated']));
    expect(slugs.filter((slug) => slug !== 'held' && reasonText(slug) === slug)).toEqual([]);
  });

  it('calls the whole town so', () => {
    expect(evidenceText({ target: '*', by: 'ann' }, new Date(0))).toBe('target the whole town, by ann');
  });
});
