import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands, groupAliases, groups } from '../../src/commands/list.ts';

const src = join(import.meta.dirname, '../../src');
const words = commands
  .flatMap(({ usage, aliases = [] }) => [usage, ...aliases])
  .map((line) => line.replace(/ [<[].*/, ''));
const known = new Set([
  ...words,
  ...words.map((line) => line.split(' ', 1)[0] ?? ''),
  ...Object.values(groupAliases).flat(),
  'completion',
]);
const families = new Set(Object.keys(groups));

/** Every `gt WORD [WORD]` that a string of ours begins with or tells to run; prose about gt has other words before it. */
function named(text: string): readonly (readonly [string, string | undefined])[] {
  const code = text.replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '');
  const strings = code.match(/'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/g) ?? [];
  return strings.flatMap((string) =>
    [
      ...string.matchAll(/(?<=^['`]|: |`|\brun |\bruns |\bwith )gt ([a-z]+)(?: ([a-z][a-z-]*)(?![\w/.]))?/g),
    ].map(([, one = '', two]) => [one, two] as const),
  );
}

describe('every command that a message or a hint names', () => {
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  it.each(
    files
      .map((file) => [file, named(readFileSync(join(src, file), 'utf8'))] as const)
      .filter(([, found]) => found.length > 0),
  )('exists, in %s', (_, found) => {
    const missing = found.filter(
      ([one, two]) =>
        !known.has(one) || (families.has(one) && two !== undefined && !known.has(`${one} ${two}`)),
    );
    expect(missing.map((words) => words.join(' '))).toEqual([]);
  });
});
