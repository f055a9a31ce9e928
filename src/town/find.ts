import { realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { exitStatus, Failure } from '../exit.ts';
import { errnoOf } from '../persist/io-failure.ts';
import { refuseForeignRoot } from './owner.ts';
import { shellWord } from './shell-word.ts';

/**
 * The real path of the town a command works in: `--town`, else `GT_TOWN_ROOT`, else `GT_ROOT`, else the first directory
 * from `cwd` upwards that has `mayor/town.json` (spec/tick.md §2.1, spec/agents.md §5.1). A checkout inside a rig that
 * itself contains such a file is the project's, not a town.
 * Throws a {@link Failure} `not-a-town` (78), or `town-unreadable` (77). An empty `cwd` says it no longer exists.
 * Root is refused another user's town (`not-your-town`, 77) unless the command is only `reading`.
 */
export function findTown({
  town,
  env,
  cwd,
  reading = false,
}: {
  readonly town?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly reading?: boolean;
}): string {
  const root = locate(town, env, cwd);
  if (!reading) refuseForeignRoot(root);
  return root;
}

function locate(
  town: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
): string {
  if (town?.trim() === '')
    throw new Failure(
      'usage',
      exitStatus.usage,
      '--town was given without a directory.',
      'gt status --town DIR',
    );
  if (town !== undefined) return named(town, '--town', cwd);
  for (const variable of ['GT_TOWN_ROOT', 'GT_ROOT']) {
    const value = env[variable];
    if (value) return named(value, variable, cwd);
  }
  return above(cwd);
}

/** Whether a directory carries a town's marker. Throws a {@link Failure} when that cannot be found out. */
export function isTown(dir: string): boolean {
  try {
    return statSync(join(dir, 'mayor/town.json')).isFile();
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') return false;
    throw new Failure(
      'town-unreadable',
      code === 'EACCES' || code === 'EPERM' ? exitStatus.permission : exitStatus.io,
      `Whether ${dir} is a town cannot be found out: mayor/town.json answers ${code}.${forbidden(code)}`,
      `ls -ld ${shellWord(`${dir}/mayor`)} ${shellWord(`${dir}/mayor/town.json`)}`,
    );
  }
}

/** The innermost town that contains `dir`, itself included, passing over checkouts of a rig. Null: none does. */
export function townAbove(dir: string): string | null {
  let found: string | null = null;
  for (let at = dir; ; at = dirname(at)) {
    if ((found === null || isCheckout(found, at)) && isTown(at)) found = at;
    if (dirname(at) === at) return found;
  }
}

function named(value: string, by: string, cwd: string): string {
  if (!isAbsolute(value) && cwd === '') throw gone();
  const path = isAbsolute(value) ? value : join(cwd, value);
  const root = realPath(path);
  if (root === null) {
    throw new Failure(
      'not-a-town',
      exitStatus.config,
      `${by} names ${path}, which does not exist.`,
      `gt install ${shellWord(path)}`,
    );
  }
  if (isTown(root)) return printable(root);
  const outer = townAbove(root);
  throw new Failure(
    'not-a-town',
    exitStatus.config,
    `${by} names ${root}, which is not a town: it has no mayor/town.json${outer === null ? '' : `. The town around it is ${outer}`}.`,
    outer === null ? `gt install ${shellWord(root)}` : `gt status --town ${shellWord(outer)}`,
  );
}

function above(cwd: string): string {
  const here = cwd === '' ? null : realPath(cwd);
  if (here === null) throw gone();
  const town = townAbove(here);
  if (town !== null) return printable(town);
  throw new Failure('not-a-town', exitStatus.config, `${here} is not in a town.`, 'gt install DIR');
}

/** Names of sessions' owners travel in tmux's line-by-line output, so a town's path must fit on a line. */
function printable(root: string): string {
  if (!/[\u0000-\u001f\u007f]/.test(root)) return root;
  throw new Failure(
    'not-a-town',
    exitStatus.config,
    `The town's path ${JSON.stringify(root)} contains a control character, which tmux cannot carry. Move the town.`,
    'gt install DIR',
  );
}

/** Whether `inner` lies in a clone or worktree of a rig of `outer` (spec/agents.md §5.2). */
function isCheckout(inner: string, outer: string): boolean {
  const path = inner.slice(outer === '/' ? 1 : outer.length + 1);
  return /^[^/]+\/(?:(?:mayor|refinery|witness)\/rig|(?:crew|polecats)\/[^/]+)(?:\/|$)/.test(path);
}

function gone(): Failure {
  return new Failure(
    'not-a-town',
    exitStatus.config,
    'The current directory no longer exists.',
    'gt status --town DIR',
  );
}

function realPath(path: string): string | null {
  try {
    return realpathSync(path);
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') return null;
    throw new Failure(
      'town-unreadable',
      exitStatus.permission,
      `${path} cannot be looked at: ${code}.${forbidden(code)}`,
      `ls -ld ${shellWord(path)}`,
    );
  }
}

/** Other than for want of rights, macOS answers so for folders that background programs are kept out of (F81). */
function forbidden(code: string): string {
  return code === 'EPERM'
    ? ' The system forbids it: on macOS, give Node full disk access (System Settings, Privacy), or move the town.'
    : '';
}
