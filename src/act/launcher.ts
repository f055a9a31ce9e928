import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Layout } from '../town/layout.ts';

/** The program we are: Node, and the file it runs. Absolute paths. */
export interface OwnProgram {
  readonly node: string;
  readonly file: string;
}

/**
 * Puts a `gt` into the town's own directory of programs, which comes first on every agent's PATH: the very one that
 * starts the agents, wherever it was installed. It is written anew whenever it differs. Should that installation go
 * away, the next `gt` on the path answers. A sentence when it could not be written.
 */
export function refreshLauncher({ binDir }: Layout, own: OwnProgram): string | null {
  const path = `${binDir}/gt`;
  const text = launcherText(binDir, own);
  try {
    if (readFileSync(path, 'utf8') === text) return null;
  } catch {
    // Missing or unreadable: it is made.
  }
  const next = `${path}.${process.pid}`;
  try {
    mkdirSync(binDir, { recursive: true, mode: 0o700 });
    writeFileSync(next, text, { mode: 0o755 });
    chmodSync(next, 0o755);
    renameSync(next, path);
    return null;
  } catch (error) {
    return `the town's own gt could not be written: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** What the machine's Node is told to load besides costs every hook time, and is nothing to `gt`. */
function launcherText(binDir: string, { node, file }: OwnProgram): string {
  return [
    '#!/bin/sh',
    `if [ -f ${word(file)} ] && [ -x ${word(node)} ]; then`,
    `  NODE_OPTIONS= NODE_EXTRA_CA_CERTS= exec ${word(node)} ${word(file)} "$@"`,
    'fi',
    `PATH=\${PATH#${word(`${binDir}:`)}}`,
    'export PATH',
    'exec gt "$@"',
    '',
  ].join('\n');
}

function word(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
