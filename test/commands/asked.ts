import type { Context } from '../../src/commands/context.ts';
import { createRun } from '../../src/run.ts';

export interface Asked extends Context {
  /** What was printed so far. */
  readonly out: () => string;
  readonly err: () => string;
}

/** A command's context in a directory, with real programs and nothing of the environment of whoever runs the tests. */
export function asked(cwd: string, more: Partial<Context> = {}): Asked {
  const printed = { out: '', err: '' };
  const env = {
    HOME: '/nonexistent',
    PATH: '/usr/local/bin:/usr/bin:/bin:/no/such/dir',
    USER: 'ann',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'Ann',
    GIT_AUTHOR_EMAIL: 'ann@example.org',
    GIT_COMMITTER_NAME: 'Ann',
    GIT_COMMITTER_EMAIL: 'ann@example.org',
    ...more.env,
  };
  return {
    cwd,
    stdout: (text) => {
      printed.out += text;
    },
    stderr: (text) => {
      printed.err += text;
    },
    isTerminal: false,
    now: () => new Date('2026-03-01T12:00:00.000Z'),
    run: createRun({ path: env.PATH.split(':') }),
    ...more,
    env,
    out: () => printed.out,
    err: () => printed.err,
  };
}
