import { execa } from 'execa';
import { createRun, type Run, type Starter } from './run.ts';

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
