import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/** Holds everyone to the direction of imports: reads the import lines of every source file. */
const root = fileURLToPath(new URL('../src', import.meta.url));

interface Import {
  readonly file: string;
  readonly target: string;
}

function sources(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory()
      ? sources(join(dir, entry.name))
      : entry.name.endsWith('.ts')
        ? [join(dir, entry.name)]
        : [],
  );
}

const files = sources(root).map((path) => relative(root, path));

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const found = [...text.matchAll(/(?:^import[^'"]*|^export[^'"\n]*from |import\()\s*['"]([^'"]+)['"]/gm)];
  return found.map(([, target = '']) => ({
    file,
    target: target.startsWith('.') ? normalize(join(dirname(file), target)) : target,
  }));
}

const imports = files.flatMap(importsOf);
const room = (path: string): string => (path.includes('/') ? (path.split('/')[0] ?? '') : path);
const isSource = (target: string): boolean => target.endsWith('.ts');

/** What each room may import of the others. A room always may import itself. */
const mayImport: Record<string, readonly string[]> = {
  model: [],
  decide: ['model', 'town', 'date-fns'],
  show: ['model', 'town', 'date-fns'],
};

const never: Record<string, readonly string[]> = {
  observe: ['commands', 'decide', 'show', 'act', 'doctor', 'cli.ts', 'gt.ts'],
  act: ['commands', 'decide', 'show', 'cli.ts', 'gt.ts'],
  doctor: ['commands', 'decide', 'show', 'act', 'cli.ts', 'gt.ts'],
  store: ['commands', 'decide', 'show', 'act', 'observe', 'cli.ts', 'gt.ts'],
  tmux: ['commands', 'decide', 'show', 'act', 'observe', 'agents', 'store', 'cli.ts', 'gt.ts'],
  persist: ['commands', 'decide', 'show', 'act', 'observe', 'agents', 'store', 'tmux', 'cli.ts', 'gt.ts'],
  town: ['commands', 'decide', 'show', 'act', 'observe', 'agents', 'store', 'tmux', 'cli.ts', 'gt.ts'],
  schedule: ['commands', 'decide', 'show', 'act', 'observe', 'store', 'tmux', 'cli.ts', 'gt.ts'],
  agents: ['commands', 'decide', 'show', 'act', 'observe', 'store', 'tmux', 'cli.ts', 'gt.ts'],
  commands: ['cli.ts', 'gt.ts'],
};

/** Libraries without clock, file, process or random in them. */
const pure = ['date-fns', 'fastest-levenshtein'];

const homes: Record<string, RegExp> = {
  yargs: /^cli\.ts$/,
  execa: /^run-long\.ts$/,
  'write-file-atomic': /^persist\/shared-file\.ts$/,
  lockfile: /^persist\/edit-lock\.ts$/,
  'fastest-levenshtein': /^town\/nearest\.ts$/,
  'date-fns': /^(decide|show)\//,
};

function closure(start: string): Import[] {
  const seen = new Set<string>([start]);
  const all: Import[] = [];
  for (const file of seen) {
    for (const found of importsOf(file)) {
      all.push(found);
      if (isSource(found.target)) seen.add(found.target);
    }
  }
  return all;
}

describe('the house', () => {
  it.each(Object.entries(mayImport))('%s imports only what it may', (name, allowed) => {
    const strangers = imports.filter(
      ({ file, target }) => room(file) === name && room(target) !== name && !allowed.includes(room(target)),
    );
    expect(strangers).toEqual([]);
  });

  it.each(Object.entries(never))('%s never reaches back', (name, forbidden) => {
    const strangers = imports.filter(
      ({ file, target }) => room(file) === name && forbidden.includes(room(target)),
    );
    expect(strangers).toEqual([]);
  });

  it.each(['decide', 'show'])(
    '%s touches no clock, file, process or random, however far its imports reach',
    (name) => {
      const reached = files.filter((file) => room(file) === name).flatMap(closure);
      const impure = reached.filter(({ target }) => !isSource(target) && !pure.includes(target));
      expect(impure).toEqual([]);
      for (const file of files.filter((candidate) => room(candidate) === name)) {
        expect(readFileSync(join(root, file), 'utf8'), file).not.toMatch(
          /Date\.now\(|new Date\(\)|Math\.random|\bprocess\.(env|pid|argv|cwd|hrtime|exit|kill|std)/,
        );
      }
    },
  );

  it.each(Object.entries(homes))('%s has one home', (library, home) => {
    const strangers = imports.filter(({ file, target }) => room(target) === library && !home.test(file));
    expect(strangers).toEqual([]);
  });

  it('opens the front door with node:fs alone', () => {
    const heavy = ['gt.ts', 'due.ts'].flatMap((file) => {
      const text = readFileSync(join(root, file), 'utf8');
      return [...text.matchAll(/^import (?!type)[^'"]*['"]([^'"]+)['"]/gm)].map(([, target]) => target);
    });
    expect(heavy.filter((target) => target !== 'node:fs' && target !== './due.ts')).toEqual([]);
  });

  it('has a doctor that only looks', () => {
    const writing =
      /\b(write|append|rename|unlink|rm|mkdir|chmod|chown|link|symlink|copy|truncate|utimes)\w*Sync\b|sweepLeftovers|writeJson|acquireLock/;
    const touching = files.filter(
      (file) => room(file) === 'doctor' && writing.test(readFileSync(join(root, file), 'utf8')),
    );
    expect(touching).toEqual([]);
  });

  it('starts programs in one place', () => {
    const strangers = imports.filter(
      ({ file, target }) => target === 'node:child_process' && file !== 'run.ts',
    );
    expect(strangers).toEqual([]);
  });

  it('has no barrels, default exports, or rooms without a name', () => {
    for (const file of files) {
      const text = readFileSync(join(root, file), 'utf8');
      expect(file).not.toMatch(/(^|\/)(index|utils?|helpers?|common|misc)\.ts$/);
      expect(text, file).not.toMatch(/^export default|^export \* from/m);
    }
  });

  it('has files a newcomer can read: none longer than 250 lines', () => {
    const long = files.filter((file) => readFileSync(join(root, file), 'utf8').split('\n').length > 250);
    expect(long).toEqual([]);
  });
});
