import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

/** Makes a program that Node 20 can run of a script; gives the program's file in `directory`. */
export async function bundle(script: URL, directory: string): Promise<string> {
  const input = fileURLToPath(script);
  const build = await rolldown({
    input,
    platform: 'node',
    checks: { emptyImportMeta: false },
  });
  await build.write({ dir: directory, format: 'cjs', entryFileNames: '[name].cjs' });
  await build.close();
  return `${directory}/${basename(input, '.ts')}.cjs`;
}
