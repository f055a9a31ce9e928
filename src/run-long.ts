import { execa } from 'execa';
import { type Command, createRun, type Run, type Starter } from './run.ts';

/**
 * Starts what may take minutes while a person waits: ended together with us, whatever ends us
 * (a `git clone` must not go on in the background of a command that was interrupted).
 */
const startWithUs: Starter = (file, { args, cwd, env, input }) => {
  const child = execa(file, [...args], {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...env },
    extendEnv: false,
    stdin: input === undefined ? 'ignore' : 'pipe',
    buffer: false,
    reject: false,
    cleanup: true,
    forceKillAfterDelay: false,
  });
  return child;
};

/** A runner for commands that people wait for. */
export function createLongRun(options: { readonly path: readonly string[] }): Run {
  return createRun({ ...options, start: startWithUs });
}

/** Gives a program our terminal until it ends; its exit status, or null when it could not be started or was killed. */
export async function runOnTerminal({
  file,
  args,
  env,
}: Pick<Command, 'file' | 'args' | 'env'>): Promise<number | null> {
  const ran = await execa(file, [...args], {
    env: { ...env },
    extendEnv: false,
    stdio: 'inherit',
    buffer: false,
    reject: false,
  });
  return ran.exitCode ?? null;
}
