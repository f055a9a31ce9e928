import { exitStatus, Failure } from '../exit.ts';
import { explain, type Run } from '../run.ts';
import { withoutPassword } from './git-source.ts';

/** What making a rig needs of the outside. */
export interface GitTools {
  readonly run: Run;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** One line about the step that begins; null where nobody watches. */
  readonly onProgress: ((text: string) => void) | null;
}

const stepTimeoutMs = 10 * 60_000;

/** Runs one git command and gives what it printed. Throws a {@link Failure} that tells of `source`. */
export type Git = (args: readonly string[], cwd: string, timeoutMs?: number) => Promise<string>;

/** Git for making a rig of this source: never asks for a password, never works in the repository of whoever calls us. */
export function gitFor({ run, env, onProgress }: GitTools, source: string): Git {
  const interactive = onProgress !== null;
  const gitEnv = {
    ...Object.fromEntries(
      Object.entries(env).filter(
        ([name]) =>
          !/^GIT_(DIR|WORK_TREE|INDEX_FILE|COMMON_DIR|PREFIX|NAMESPACE|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES)$/.test(
            name,
          ),
      ),
    ),
    GIT_TERMINAL_PROMPT: '0',
    ...(interactive || env.GIT_SSH_COMMAND !== undefined ? {} : { GIT_SSH_COMMAND: 'ssh -o BatchMode=yes' }),
  };
  return async (args, cwd, timeoutMs = stepTimeoutMs) => {
    const ran = await run({
      file: 'git',
      args,
      cwd,
      env: gitEnv,
      timeoutMs,
      ...(onProgress === null ? {} : { onStderr: onProgress }),
    });
    if (ran.ok) return ran.stdout.trim();
    if (ran.failure === 'not-found') {
      throw new Failure(
        'git-missing',
        exitStatus.unavailable,
        'git is not on the search path, and a rig is made of clones.',
        'gt rig add --help',
      );
    }
    const said = wordsOf(ran.stderr);
    const why = `git ${args[0] ?? ''} ${explain(ran)}${said === '' ? '' : `: ${said}`}`;
    throw new Failure(
      'clone-failed',
      exitStatus.failed,
      `${withoutPassword(source)} could not be made a rig. ${why}. Nothing was left behind.`,
      'gt rig add --help',
    );
  };
}

/** Git's own words without its progress and its advice; passwords are hidden. */
function wordsOf(stderr: string): string {
  const noise =
    /\d+%|^remote: (Enumerating|Counting|Compressing)|^Cloning into|^Please make sure|^and the repository exists/;
  return stderr
    .split(/[\r\n]+/)
    .filter((line) => line.trim() !== '' && !noise.test(line))
    .slice(0, 4)
    .map((line) => line.replace(/(:\/\/[^/@:\s]*):[^/@\s]*@/g, '$1:…@').trim())
    .join(' / ')
    .slice(0, 600);
}
