import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bd, bdEnv, initBeads } from './bd.ts';

/** A directory with a beads store of its own in it, and an environment in which `bd` is the one under test. */
export interface BeadsTown {
  readonly root: string;
  readonly env: Readonly<Record<string, string>>;
  readonly remove: () => void;
}

const made = new Map<string, string>();

/** Making a store takes seconds; a copy of one that nobody used is as good. */
export function copyStore(bd: Bd, prefix: string, to: string): void {
  const key = `${bd.version} ${prefix}`;
  let source = made.get(key);
  if (source === undefined) {
    source = mkdtempSync(join(tmpdir(), 'gt-beads-'));
    const dir = source;
    mkdirSync(join(dir, 'home'));
    initBeads(dir, prefix, bdEnv(bd, join(dir, 'home')));
    made.set(key, dir);
    process.once('exit', () => rmSync(dir, { recursive: true, force: true }));
  }
  mkdirSync(to, { recursive: true });
  // As upstream's later tools do: without it bd 0.47 writes its export over the routes.
  writeFileSync(join(source, '.beads/issues.jsonl'), '', { flag: 'a' });
  cpSync(join(source, '.beads'), join(to, '.beads'), { recursive: true });
}

/** `before`: a directory to be put in front of PATH, for a program that makes `bd` sick. */
export function beadsTown(bd: Bd, before = ''): BeadsTown {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'gt-beads-')));
  copyStore(bd, 'hq', root);
  return {
    root,
    env: bdEnv(bd, root, before),
    remove: () => rmSync(root, { recursive: true, force: true, maxRetries: 3 }),
  };
}
