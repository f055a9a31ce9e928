import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { endGroup, isLed, letGroupGo, startGroup } from './own-group.ts';

/** One program to run: an argument array, never a shell line. */
export interface Command {
  /** A bare name is looked for on the runner's search path; anything with a slash is taken as it is. */
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** The complete environment: nothing is inherited. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Written to standard input, which is closed afterwards. Without it the program reads end-of-file. */
  readonly input?: string;
  /** At its deadline, and when we end, all that it started is ended with it. Not with `run-long.ts`. Default: it alone. */
  readonly whole?: boolean;
  /** Wall time in milliseconds until we stop waiting, whatever the program and its children do. Default 10 s. */
  readonly timeoutMs?: number;
  /** Output (both streams together) beyond this ends the program. Default 16 MiB. */
  readonly maxBytes?: number;
  /** How input and output are bytes: UTF-8, or one character for each byte, so that none is lost. Default `utf8`. */
  readonly encoding?: 'utf8' | 'latin1';
  /** Called with standard error as it arrives, for progress. */
  readonly onStderr?: (chunk: string) => void;
}

export type RunFailure = 'not-found' | 'permission' | 'timeout' | 'signal' | 'exit' | 'spawn' | 'overflow';

/** What became of a program. Output received before a failure is kept. */
export interface Ran {
  readonly ok: boolean;
  /** Null when it did not exit by itself. */
  readonly exit: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly failure: RunFailure | null;
  /** Wall time in milliseconds. */
  readonly ms: number;
}

/** Runs a program to its end or its deadline. Never throws, never rejects. */
export type Run = (command: Command) => Promise<Ran>;

const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_MAX_BYTES = 16 * 1024 * 1024;
/** How long a program that was told to end (TERM, then KILL) is waited for, each. */
const GRACE_MS = 250;

/** Starts a program with piped output; standard input is a pipe where there is input to give, else end-of-file. */
export type Starter = (file: string, command: Command) => ChildProcess;

/**
 * Node's own: every heartbeat starts a program, and loading anything more able would cost more than the tmux it runs
 * (test/bench). What takes long and must not outlive us is started by `run-long.ts`.
 */
const startDirectly: Starter = (file, { args, cwd, env, input, whole = false }) =>
  spawn(file, args, {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...env },
    detached: whole,
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });

/** A runner that looks for bare program names in these directories, in order. */
export function createRun(options: { readonly path: readonly string[]; readonly start?: Starter }): Run {
  const start = options.start ?? startDirectly;
  return (command) => {
    const begun = process.hrtime.bigint();
    const file = command.file.includes('/') ? command.file : findProgram(command.file, options.path);
    if (file === null) return Promise.resolve(notRun('not-found', begun));
    if (hasNul([file, ...command.args, command.cwd, ...Object.values(command.env)])) {
      return Promise.resolve(notRun('spawn', begun));
    }
    return runProgram(start, file, command, begun);
  };
}

/**
 * Starts a program that goes on when we end: a session of its own, no terminal, no stream of ours. False when it could
 * not be started; what becomes of it is nobody's to know.
 */
export function startDetached({ file, args, cwd, env }: Omit<Command, 'input' | 'onStderr'>): boolean {
  if (hasNul([file, ...args, cwd, ...Object.values(env)])) return false;
  const child = spawn(file, args, {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...env },
    detached: true,
    stdio: 'ignore',
  });
  child.on('error', () => undefined);
  child.unref();
  return child.pid !== undefined;
}

/** The first of these directories' regular, executable file of that name; null when there is none. */
export function findProgram(name: string, directories: readonly string[]): string | null {
  for (const directory of directories) {
    if (!directory.startsWith('/')) continue;
    const path = directory.endsWith('/') ? `${directory}${name}` : `${directory}/${name}`;
    if (isProgram(path)) return path;
  }
  return null;
}

/** Whether a path is a regular file that we may execute. */
export function isProgram(path: string): boolean {
  try {
    if (!statSync(path).isFile()) return false;
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** One clause for people: how a program that did not succeed ended. */
export function explain(ran: Ran): string {
  switch (ran.failure) {
    case null:
      return 'succeeded';
    case 'not-found':
      return 'was not found';
    case 'permission':
      return 'may not be executed';
    case 'spawn':
      return 'could not be started';
    case 'timeout':
      return `did not answer within ${Math.round(ran.ms)} ms`;
    case 'overflow':
      return 'printed more than is plausible';
    case 'signal':
      return `was ended by ${ran.signal ?? 'a signal'}`;
    case 'exit':
      return `ended with status ${ran.exit ?? '?'}`;
  }
}

/**
 * The deadline bounds wall time even where a grandchild in the background holds the pipes (design/typescript.md §2.1):
 * then the pipes are closed and the child is ended by its pid.
 */
function runProgram(start: Starter, file: string, command: Command, begun: bigint): Promise<Ran> {
  return new Promise((resolve) => {
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    const maxBytes = command.maxBytes ?? DEFAULT_MAX_BYTES;
    const { encoding = 'utf8' } = command;
    let bytes = 0;
    let cut: 'timeout' | 'overflow' | null = null;
    let over = false;

    const whole = command.whole === true && start === startDirectly;
    const child = whole ? startGroup(() => start(file, command)) : start(file, command);
    const group = whole ? child.pid : undefined;

    const finish = (exit: number | undefined, signal: string | undefined, code: string | undefined) => {
      if (over) return;
      over = true;
      clearTimeout(deadline);
      if (group !== undefined) letGroupGo(group);
      resolve({
        ...outcome(cut, exit, signal, code, command.cwd),
        exit: exit ?? null,
        signal: signal ?? null,
        stdout: Buffer.concat(stdout).toString(encoding),
        stderr: Buffer.concat(stderr).toString(encoding),
        ms: since(begun),
      });
    };

    const stop = (why: 'timeout' | 'overflow') => {
      if (cut !== null || over) return;
      cut = why;
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
      child.unref();
      const finishEnded = () => finish(child.exitCode ?? undefined, child.signalCode ?? undefined, undefined);
      if (group !== undefined && isLed(group)) {
        void endGroup(group, GRACE_MS).then(finishEnded);
        return;
      }
      if (ended()) return finishEnded();
      child.kill('SIGTERM');
      const kill = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
      const leave = setTimeout(() => finish(undefined, undefined, undefined), 2 * GRACE_MS);
      child.once('exit', () => {
        clearTimeout(kill);
        clearTimeout(leave);
        finishEnded();
      });
    };
    const ended = () => child.exitCode !== null || child.signalCode !== null;

    const take = (into: Buffer[]) => (chunk: Buffer) => {
      into.push(chunk);
      bytes += chunk.length;
      if (bytes > maxBytes) stop('overflow');
    };
    child.stdout?.on('data', take(stdout));
    child.stderr?.on('data', take(stderr));
    const { onStderr } = command;
    if (onStderr !== undefined) {
      const decoder = new StringDecoder('utf8');
      child.stderr?.on('data', (chunk: Buffer) => onStderr(decoder.write(chunk)));
    }

    const deadline = setTimeout(() => stop('timeout'), command.timeoutMs ?? DEFAULT_TIMEOUT_MS);
    child.once('error', (error: NodeJS.ErrnoException) => {
      if (child.pid === undefined) finish(undefined, undefined, error.code);
    });
    child.once('close', (exit, signal) => {
      if (cut === null) finish(exit ?? undefined, signal ?? undefined, undefined);
    });
    // A program that does not read its input to the end has its own way of saying so: its exit status.
    child.stdin?.on('error', () => undefined);
    if (command.input !== undefined) child.stdin?.end(command.input, encoding);
  });
}

function outcome(
  cut: 'timeout' | 'overflow' | null,
  exit: number | undefined,
  signal: string | undefined,
  code: string | undefined,
  cwd: string | undefined,
): { readonly ok: boolean; readonly failure: RunFailure | null } {
  if (cut !== null) return { ok: false, failure: cut };
  if (signal !== undefined) return { ok: false, failure: 'signal' };
  if (exit !== undefined) return exit === 0 ? { ok: true, failure: null } : { ok: false, failure: 'exit' };
  // A missing working directory is reported as ENOENT too.
  if (code === 'ENOENT' && (cwd === undefined || existsSync(cwd))) return { ok: false, failure: 'not-found' };
  if (code === 'EACCES' || code === 'EPERM') return { ok: false, failure: 'permission' };
  return { ok: false, failure: 'spawn' };
}

/** No program can be given a NUL; starting one with it throws. */
function hasNul(words: readonly (string | undefined)[]): boolean {
  return words.some((word) => word?.includes('\0'));
}

function notRun(failure: RunFailure, begun: bigint): Ran {
  return { ok: false, exit: null, signal: null, stdout: '', stderr: '', failure, ms: since(begun) };
}

function since(begun: bigint): number {
  return Number(process.hrtime.bigint() - begun) / 1e6;
}
