import { defineConfig } from 'rolldown';
import { minifySync, parseSync } from 'rolldown/utils';

/**
 * Two bundles, both CommonJS, since Node reads that fastest. The first holds the commands, split by what each needs.
 * The second is what the front door opens when a heartbeat is due: all of it in a file or two, because every file more
 * costs Node's loader as much as a whole rule costs us. Both come from the same sources.
 */
const shared = {
  platform: 'node',
  logLevel: 'warn',
  checks: { emptyImportMeta: false },
};
const output = {
  dir: 'dist',
  format: 'cjs',
  comments: false,
  dynamicImportInCjs: false,
  generatedCode: { symbols: false },
};

/** V8 reads plain ASCII at one byte a character, anything else at two (src/compiled.ts). */
const plainAscii = {
  name: 'plain-ascii',
  generateBundle(_options, files) {
    for (const file of Object.values(files))
      if (file.type === 'chunk') file.code = file.code.replace(/[^\0-\x7f]/g, escaped);
  },
};
const escaped = (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/**
 * The front door runs every minute of the year, so it is read in as few steps as V8 allows: no spare character, and its
 * functions in brackets, which tells V8 that they will be called, so that none is parsed twice.
 */
const quickDoor = {
  name: 'quick-door',
  generateBundle(_options, files) {
    const door = files['gt.cjs'];
    const { code } = minifySync('gt.cjs', door.code, { module: false, mangle: { toplevel: true } });
    const statements = parseSync('gt.cjs', code).program.body;
    const text = ({ start, end }) => code.slice(start, end);
    const isCalled = ({ type, async }) => type === 'FunctionDeclaration' && !async;
    const called = statements.filter(isCalled).map((one) => `var ${one.id.name}=(${text(one)});`);
    const others = statements.filter((one) => !isCalled(one)).map((one) => `${text(one)};`);
    door.code = ['#!/usr/bin/env node\n', ...called, ...others, '\n'].join('');
  },
};

const heartbeatApart = {
  name: 'heartbeat-apart',
  resolveId: (source, importer) =>
    (source === './commands/tick/tick.ts' && importer?.endsWith('/src/gt.ts')) ||
    (source === './tick.ts' && importer?.endsWith('/src/commands/tick/tick-town.ts'))
      ? { id: './heartbeat.cjs', external: true }
      : null,
  // Both are ours, so nothing has to be adapted, and the front door needs no second file for it when nothing is due.
  renderChunk: (code, { name }) =>
    name === 'gt'
      ? code
          .replace(/\w+\.__toESM\((require\("\.\/heartbeat\.cjs"\)), 1\)/, '$1')
          .replace(/^const \w+ = require\("\.\/rolldown-runtime\.cjs"\);\n/m, '')
      : null,
};

/** What a heartbeat loads in any case becomes one file; the rest, only imported where it is needed, files of its own. */
const atOnce = new Set();
const noteAtOnce = {
  name: 'note-at-once',
  buildEnd() {
    const note = (id) => {
      if (atOnce.has(id)) return;
      atOnce.add(id);
      for (const imported of this.getModuleInfo(id)?.importedIds ?? []) note(imported);
    };
    for (const id of this.getModuleIds()) if (this.getModuleInfo(id)?.isEntry) note(id);
  },
};

export default defineConfig([
  {
    ...shared,
    input: ['src/gt.ts', 'src/compiled.ts', 'src/stand-in.ts'],
    plugins: [heartbeatApart, quickDoor, plainAscii],
    output: { ...output, entryFileNames: '[name].cjs', chunkFileNames: '[name].cjs' },
  },
  {
    ...shared,
    input: { heartbeat: 'src/commands/tick/tick.ts' },
    plugins: [noteAtOnce, plainAscii],
    output: {
      ...output,
      entryFileNames: '[name].cjs',
      chunkFileNames: 'heartbeat-[name].cjs',
      codeSplitting: { groups: [{ name: 'pass', test: (id) => atOnce.has(id) }] },
    },
  },
]);
