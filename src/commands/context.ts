import { fstatSync, readFileSync } from 'node:fs';
import { styleText } from 'node:util';
import { exitStatus } from '../exit.ts';
import type { Run } from '../run.ts';
import { plain, type Style, type Tone } from '../show/style.ts';
import { currentDirectory } from '../town/path-on-disk.ts';

/** Everything a command knows of the process it runs in. */
export interface Context {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Empty when the directory no longer exists. */
  readonly cwd: string;
  /** Takes the result. */
  readonly stdout: (text: string) => void;
  /** Takes diagnosis and progress. */
  readonly stderr: (text: string) => void;
  /** Somebody watches stdout. */
  readonly isTerminal: boolean;
  readonly now: () => Date;
  /** Starts programs found on the caller's search path. */
  readonly run: Run;
  /** All of standard input. */
  readonly stdin?: () => string;
  /** Starts another `gt` that goes on when this one ends; false when that is not possible. */
  readonly startAnother?: (args: readonly string[]) => Promise<boolean>;
  /** Calls back when whoever reads our output has gone away. */
  readonly onClosed?: (then: () => void) => void;
  /** How this `gt` was started: Node, then its first file. */
  readonly program?: readonly [node: string, gt: string];
}

/** The context of the running process. Streams, and what starts programs, are loaded at their first use. */
export function processContext(): Context {
  const { env } = process;
  return {
    env,
    cwd: currentDirectory(),
    stdout: (text) => write('stdout', text),
    stderr: (text) => write('stderr', text),
    get isTerminal() {
      return mayBeTerminal() && process.stdout.isTTY === true;
    },
    now: () => new Date(),
    run: async (command) => {
      const { createLongRun } = await import('../run-long.ts');
      return createLongRun({ path: searchPath(env) })(command);
    },
    stdin: () => readFileSync(0, 'utf8'),
    startAnother: async (args) => {
      const [file = '', gt = ''] = process.argv;
      const { startDetached } = await import('../run.ts');
      return startDetached({ file, args: [gt, ...args], cwd: '/', env });
    },
    onClosed: (then) => {
      process.stdout.once('error', then).once('close', then);
    },
    program: [process.execPath, process.argv[1] ?? ''],
  };
}

/** The directories of a `PATH`. */
export function searchPath(env: Context['env']): readonly string[] {
  return (env.PATH ?? '').split(':').filter((directory) => directory !== '');
}

const styles: Readonly<Record<Tone, Parameters<typeof styleText>[0]>> = {
  good: 'green',
  bad: 'red',
  warn: 'yellow',
  dim: 'dim',
  bold: 'bold',
};

/** Colour on a terminal that wants it: `NO_COLOR` and `TERM=dumb` do not (design/contract.md §1). */
export function styleFor({ env, isTerminal }: Pick<Context, 'env' | 'isTerminal'>): Style {
  if (!isTerminal || env.NO_COLOR || env.TERM === 'dumb') return plain;
  return (tone, text) => styleText(styles[tone], text);
}

const listened = new Set<NodeJS.WritableStream>();

/** A reader that went away (`gt status | head -1`), or a terminal that was closed, is no failure of ours. */
function write(name: 'stdout' | 'stderr', text: string): void {
  // Asking for a stream makes it, which takes a millisecond or two.
  if (text === '') return;
  const stream = process[name];
  if (!listened.has(stream)) {
    listened.add(stream);
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE' || error.code === 'EIO') return;
      // What was to be done is done; that nobody could be told is a failure all the same.
      process.once('exit', () => {
        process.exitCode = exitStatus.io;
      });
      if (name === 'stdout') write('stderr', `gt: standard output could not be written: ${error.message}.\n`);
    });
  }
  stream.write(text);
}

/** `process.stdout` builds a stream to answer; for a pipe or a file one system call does. */
function mayBeTerminal(): boolean {
  try {
    return fstatSync(1).isCharacterDevice();
  } catch {
    return false;
  }
}
