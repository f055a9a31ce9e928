import { appendFileSync, chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A program that stands where tmux should be, and how often it was called. */
export interface Shim {
  /** To be put first in PATH. */
  readonly dir: string;
  readonly calls: () => number;
}

/** A `tmux` in a directory of its own that notes each call and then does what this shell script says. */
export function tmuxShim(dir: string, script: string): Shim {
  const log = join(dir, 'calls');
  mkdirSync(dir, { recursive: true });
  appendFileSync(log, '');
  const file = join(dir, 'tmux');
  writeFileSync(file, `#!/bin/sh\necho "$*" >> ${log}\n${script}\n`);
  chmodSync(file, 0o755);
  return { dir, calls: () => readFileSync(log, 'utf8').split('\n').length - 1 };
}
