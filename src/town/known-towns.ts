import { existsSync, readFileSync } from 'node:fs';
import { exitStatus, Failure } from '../exit.ts';
import { shellWord } from './shell-word.ts';

/** A town of this user, as `towns.json` lists it. */
export interface KnownTown {
  /** Real path. */
  readonly root: string;
  /** RFC 3339: when it was listed. */
  readonly since: string;
  /** RFC 3339: since when it is not where it was; null while it is. A disk may be away for a while. */
  readonly missingSince: string | null;
}

/** What the list says. Only `absent` means that this user has no town yet. */
export type KnownTowns =
  | { readonly kind: 'absent' }
  | { readonly kind: 'ok'; readonly towns: readonly KnownTown[] }
  | { readonly kind: 'unreadable'; readonly reason: string };

/**
 * Where the list of a user's towns is: `$XDG_STATE_HOME/gt/towns.json`, by default below `~/.local/state`. Null without a
 * home: such a user has no list.
 */
export function knownTownsFile(env: Readonly<Record<string, string | undefined>>): string | null {
  const { XDG_STATE_HOME: state = '', HOME: home = '' } = env;
  if (state.startsWith('/')) return `${state}/gt/towns.json`;
  return home.startsWith('/') && existsSync(home) ? `${home}/.local/state/gt/towns.json` : null;
}

/** Reads the list. Loads no library: `gt tick --all` asks it every minute. Never throws. */
export function readKnownTowns(file: string): KnownTowns {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN';
    if (code === 'ENOENT') return { kind: 'absent' };
    return { kind: 'unreadable', reason: `${file} cannot be read: ${code}` };
  }
  const towns = parseTowns(text);
  return towns === null
    ? { kind: 'unreadable', reason: `${file} is no list of towns of version 1` }
    : { kind: 'ok', towns };
}

/** What a command says that cannot go on without the list. */
export function unreadableTowns(file: string, reason: string): Failure {
  return new Failure(
    'towns-unreadable',
    exitStatus.data,
    `${reason}. It was left as it is.`,
    `cat ${shellWord(file)}`,
  );
}

function parseTowns(text: string): readonly KnownTown[] | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const listed = field(value, 'towns');
  if (field(value, 'version') !== 1 || !Array.isArray(listed)) return null;
  return listed.flatMap((entry: unknown) => {
    const root = field(entry, 'root');
    if (typeof root !== 'string' || !root.startsWith('/')) return [];
    const missing = field(entry, 'missing_since');
    return [
      {
        root,
        since: String(field(entry, 'since') ?? ''),
        missingSince: typeof missing === 'string' ? missing : null,
      },
    ];
  });
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.getOwnPropertyDescriptor(value, name)?.value;
}
