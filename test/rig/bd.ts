import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The real `bd`, built by `.ci/setup test` from the Go module in `test/bd`. */
export interface Bd {
  readonly version: string;
  /** The directory it lies in, to be put first in PATH. */
  readonly dir: string;
}

/** `GT_TEST_BD`: where they lie, for a bundle of tests, which does not know where it came from. */
const built = resolve(process.env.GT_TEST_BD ?? join(import.meta.dirname, '../bd/bin'));

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

/** What `bd` itself finds wrong with a store; before 1.x only. */
export function complaintsOf(root: string, env: Readonly<Record<string, string>>): readonly string[] {
  const ran = spawnSync('bd', ['--no-daemon', 'doctor', '--json'], { cwd: root, env, encoding: 'utf8' });
  const found: { readonly checks: readonly { readonly name: string; readonly status: string }[] } =
    JSON.parse(ran.stdout);
  return found.checks.flatMap(({ name, status }) => (status === 'ok' ? [] : [`${name}: ${status}`]));
}

/**
 * What `bd` is called with while `work` goes on. `warm` makes it known first: a program that was never seen is asked
 * once what it can do.
 */
export async function countCalls(
  { dir }: Bd,
  scratch: string,
  env: Readonly<Record<string, string>>,
  warm: (counted: Readonly<Record<string, string>>) => Promise<unknown>,
  work: (counted: Readonly<Record<string, string>>) => Promise<unknown>,
): Promise<readonly string[]> {
  const shim = join(scratch, 'counting');
  const file = join(shim, 'bd');
  const counted = { ...env, PATH: `${shim}:${env.PATH}` };
  mkdirSync(shim, { recursive: true });
  // Written once: a program with another date is another program.
  if (!existsSync(file))
    writeFileSync(file, `#!/bin/sh\necho "$*" >> ${shim}/calls\nexec ${dir}/bd "$@"\n`, { mode: 0o755 });
  await warm(counted);
  writeFileSync(join(shim, 'calls'), '');
  await work(counted);
  return readFileSync(join(shim, 'calls'), 'utf8').split('\n').slice(0, -1);
}
