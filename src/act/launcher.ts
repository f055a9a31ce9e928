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
 * away, the next `gt` on the path answers; where there is none, 127 and words. A sentence when it could not be written.
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

/**
 * What the machine's Node is told to load besides costs every hook time, and is nothing to `gt`. This directory is taken
 * from the path wherever it stands there; should another spelling of it be left, the variable keeps us from finding ourselves.
 */
function launcherText(binDir: string, { node, file }: OwnProgram): string {
  return [
    '#!/bin/sh',
    `if [ -f ${word(file)} ] && [ -x ${word(node)} ]; then`,
    `  NODE_OPTIONS= NODE_EXTRA_CA_CERTS= exec ${word(node)} ${word(file)} "$@"`,
    'fi',
    `here=${word(binDir)} rest=$PATH: kept=`,
    'while [ -n "$rest" ]; do',
    `  one=\${rest%%:*} rest=\${rest#*:}`,
    `  [ "\${one%/}" = "$here" ] || kept=$kept:$one`,
    'done',
    `PATH=\${kept#:}`,
    'export PATH',
    `case ":$GT_LAUNCHERS:" in *":$here:"*) ;; *)`,
    '  if command -v gt >/dev/null 2>&1; then',
    `    GT_LAUNCHERS=\${GT_LAUNCHERS:+$GT_LAUNCHERS:}$here exec gt "$@"`,
    '  fi ;;',
    'esac',
    `echo ${word(`gt: ${file} is gone, and no other gt is on the path. Install gt again; its next tick in this town mends this.`)} >&2`,
    'exit 127',
    '',
  ].join('\n');
}

function word(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
