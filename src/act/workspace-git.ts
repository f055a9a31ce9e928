import { dirname } from 'node:path';
import type { Ran } from '../run.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What git is told in a workspace before its command. A repository may ask for a watcher, which would stay. */
export function gitOptions(home: string): readonly string[] {
  return ['-C', home, '-c', 'core.fsmonitor=false'];
}

/**
 * What git runs with in a workspace: never asks for a password, never opens an editor, writes nothing when it only looks,
 * never works in the repository of whoever calls us, nor in one that merely surrounds `home`, the workspace's real path.
 */
export function gitEnvironment(env: Environment, home: string): Environment {
  const own = Object.entries(env).filter(
    ([name]) => !/^GIT_(DIR|WORK_TREE|INDEX_FILE|COMMON_DIR|PREFIX)$/.test(name),
  );
  return {
    ...Object.fromEntries(own),
    GIT_CEILING_DIRECTORIES: dirname(home),
    GIT_TERMINAL_PROMPT: '0',
    GIT_EDITOR: 'true',
    GIT_OPTIONAL_LOCKS: '0',
    LC_ALL: 'C',
  };
}

/** Whether a line of a short `git status` names what the agent's own commands keep in its directory: no work (spec/tick.md §2.9, §3.2). */
export function isOwnFile(line: string): boolean {
  return /^\?{1,2} (?:\.runtime\/|state\.json$)/.test(line);
}

/** The first line that git said when it failed, in parentheses; empty when it said nothing. */
export function gitWords({ stderr }: Pick<Ran, 'stderr'>): string {
  const [line = ''] = stderr.trim().split('\n');
  return line === '' ? '' : ` (${line.slice(0, 200)})`;
}
