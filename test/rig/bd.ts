import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';

/** The real `bd`, built by `.ci/setup test` from the Go module in `test/bd`. */
export interface Bd {
  readonly version: string;
  /** The directory it lies in, to be put first in PATH. */
  readonly dir: string;
}

const built = join(import.meta.dirname, '../bd/bin');

/** The `bd` of this version (`0.47.1`), or null where it was not built: no Go, or no module proxy. */
export function builtBd(version: string): Bd | null {
  const dir = join(built, version);
  const file = join(dir, 'bd');
  if (!existsSync(file)) return null;
  accessSync(file, constants.X_OK);
  return { version, dir };
}

/** Why tests with the real program do not run, for the name of what is skipped. */
export function withoutBd(version: string): string {
  return `[skipped: bd ${version} is not built; .ci/setup test builds it where there is Go]`;
}

/** `bd` keeps its compiled database engine in a cache; making it anew for each test would take two seconds of every one. */
export const bdCache = { XDG_CACHE_HOME: join(built, 'cache') } as const;

/** An environment in which `bd` is this one, and knows nobody. */
export function bdEnv(
  { dir }: Bd,
  home: string,
  before = '',
): { readonly HOME: string; readonly PATH: string; readonly LANG: string; readonly XDG_CACHE_HOME: string } {
  const path = [before, dir, '/usr/local/bin', '/usr/bin', '/bin'].filter((one) => one !== '').join(':');
  return { HOME: home, PATH: path, LANG: 'C.UTF-8', ...bdCache };
}

/** Makes a beads store at `root/.beads`, as people do. */
export function initBeads(root: string, prefix: string, env: Readonly<Record<string, string>>): void {
  runBd(root, ['init', '--prefix', prefix, '--quiet'], env);
}

/** Runs the real program as an agent would, and gives what it printed. Throws when it fails. */
export function runBd(
  root: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  input = '',
): string {
  const ran = spawnSync('bd', [...args], {
    cwd: root,
    env: { ...env, BEADS_DIR: join(root, '.beads'), BEADS_NO_DAEMON: '1' },
    encoding: 'utf8',
    input,
    timeout: 120_000,
  });
  if (ran.status !== 0) throw new Error(`bd ${args.join(' ')}: ${ran.status} ${ran.stdout}${ran.stderr}`);
  return ran.stdout;
}
