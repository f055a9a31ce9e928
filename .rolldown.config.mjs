import { defineConfig } from 'rolldown';

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

const heartbeatApart = {
  name: 'heartbeat-apart',
  resolveId: (source, importer) =>
    source === './commands/tick.ts' && importer?.endsWith('/src/gt.ts')
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
    input: ['src/gt.ts', 'src/stand-in.ts'],
    plugins: [heartbeatApart],
    output: { ...output, entryFileNames: '[name].cjs', chunkFileNames: '[name].cjs' },
  },
  {
    ...shared,
    input: { heartbeat: 'src/commands/tick.ts' },
    plugins: [noteAtOnce],
    output: {
      ...output,
      entryFileNames: '[name].cjs',
      chunkFileNames: 'heartbeat-[name].cjs',
      codeSplitting: { groups: [{ name: 'pass', test: (id) => atOnce.has(id) }] },
    },
  },
]);
