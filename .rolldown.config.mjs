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
const output = { dir: 'dist', format: 'cjs', comments: false, dynamicImportInCjs: false };

const heartbeatApart = {
  name: 'heartbeat-apart',
  resolveId: (source, importer) =>
    source === './commands/tick.ts' && importer?.endsWith('/src/gt.ts')
      ? { id: './heartbeat.cjs', external: true }
      : null,
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
    output: { ...output, entryFileNames: '[name].cjs', chunkFileNames: 'heartbeat-[name].cjs' },
  },
]);
