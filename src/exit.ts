import { shellWord } from './town/shell-word.ts';

/** Every exit status `gt` can end with (design/contract.md §1). Callers treat anything else as a failure. */
export const exitStatus = {
  done: 0,
  failed: 1,
  usage: 64,
  data: 65,
  unavailable: 69,
  bug: 70,
  cannotCreate: 73,
  io: 74,
  busy: 75,
  permission: 77,
  config: 78,
  timeUp: 124,
} as const;

export type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus];

/**
 * A failure people can understand and act on. `code` is a stable slug for `--json`,
 * `hint` the command to run next.
 */
export class Failure extends Error {
  readonly code: string;
  readonly exit: ExitStatus;
  readonly hint: string | null;

  /** The heartbeat is a bundle of its own and has its own copy of this class: a failure is known by what it is. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'Failure' && 'exit' in value && 'hint' in value;
  }

  constructor(code: string, exit: ExitStatus, message: string, hint: string | null = null) {
    super(message);
    this.name = 'Failure';
    this.code = code;
    this.exit = exit;
    this.hint = hint;
  }
}

/** What the operating system refuses, and the exit status that says so. */
const refusals: Readonly<Record<string, readonly [code: string, exit: ExitStatus, hint: string | null]>> = {
  ENOSPC: ['disk-full', exitStatus.io, 'df -h'],
  EDQUOT: ['disk-full', exitStatus.io, 'quota'],
  EFBIG: ['disk-full', exitStatus.io, 'ulimit -f'],
  EROFS: ['read-only', exitStatus.io, 'mount'],
  EIO: ['io-error', exitStatus.io, 'df -h'],
  EMFILE: ['too-many-files', exitStatus.io, 'ulimit -n'],
  ENFILE: ['too-many-files', exitStatus.io, 'ulimit -n'],
  EACCES: ['permission', exitStatus.permission, 'ls -ld'],
  EPERM: ['permission', exitStatus.permission, 'ls -ld'],
};

/** The failure an error stands for; null when nobody foresaw it, so that it is a bug of ours. */
export function failureOf(error: unknown): Failure | null {
  if (error instanceof Failure) return error;
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return null;
  const refusal = refusals[error.code];
  if (refusal === undefined) return null;
  const [code, exit, hint] = refusal;
  const path = 'path' in error && typeof error.path === 'string' ? error.path : null;
  return new Failure(
    code,
    exit,
    error.message,
    hint !== null && path !== null ? `${hint} ${shellWord(path)}` : hint,
  );
}
