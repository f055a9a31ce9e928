import { lstatSync } from 'node:fs';
import { type Fact, known, unknown } from '../model/fact.ts';
import { explain, type Ran, type Run } from '../run.ts';
import { realPath } from '../town/path-on-disk.ts';
import { gitEnvironment, gitOptions, gitWords, isOwnFile } from './workspace-git.ts';

/** What a work tree holds that is nowhere else. */
export interface WorkspaceStatus {
  /** Null: no branch is checked out. */
  readonly branch: string | null;
  /** The commit; null: there is none yet. */
  readonly head: string | null;
  readonly upstream: string | null;
  /** Commits that the upstream does not have; null where there is no upstream. */
  readonly ahead: number | null;
  /** Files, each counted once for every way in which it differs. */
  readonly staged: number;
  readonly changed: number;
  readonly conflicts: number;
  /** Files and whole directories that git does not know. */
  readonly untracked: number;
  /** Commits that no branch of a remote has, at most {@link mostCommits}; null: it cannot be told. */
  readonly unpushed: number | null;
}

export interface Looking {
  /** Milliseconds that are left; asked before each program. */
  readonly left: () => number;
  readonly run: Run;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export const mostCommits = 1000;

/** In less time than this git is not asked. Milliseconds. */
const leastMs = 20;

/**
 * Looks at a work tree and changes nothing in it, not even git's own index, nor starts what would stay: two git commands.
 * Null: there is no work tree of this directory's own. Whatever git cannot answer in time is unknown.
 */
export async function readWorkspace(
  directory: string,
  { left, run, env }: Looking,
): Promise<Fact<WorkspaceStatus> | null> {
  const home = realPath(directory);
  if (home === null) return null;
  try {
    if (lstatSync(`${home}/.git`, { throwIfNoEntry: false }) === undefined) return null;
  } catch (error) {
    return unknown(error instanceof Error ? error.message : String(error));
  }
  const git = async (args: readonly string[]): Promise<Ran | null> => {
    const timeoutMs = left();
    if (timeoutMs < leastMs) return null;
    return run({
      file: 'git',
      args: [...gitOptions(home), ...args],
      // A look fetches nothing.
      env: { ...gitEnvironment(env, home), GIT_NO_LAZY_FETCH: '1' },
      timeoutMs,
      whole: true,
    });
  };
  const status = await git(['status', '--porcelain=v2', '--branch', '--untracked-files=normal']);
  if (status === null) return unknown('there was no time left to ask git');
  if (!status.ok) return unknown(`git status ${explain(status)}${gitWords(status)}`);
  const read = parseStatus(status.stdout);
  if (read.head === null) return known({ ...read, unpushed: 0 });
  const counted = await git([
    'rev-list',
    '--count',
    `--max-count=${mostCommits}`,
    'HEAD',
    '--not',
    '--remotes',
  ]);
  const count = counted?.ok ? Number.parseInt(counted.stdout, 10) : Number.NaN;
  return known({ ...read, unpushed: Number.isNaN(count) ? null : count });
}

/** The second form of `git status --porcelain`, with its lines about the branch. */
export function parseStatus(text: string): Omit<WorkspaceStatus, 'unpushed'> {
  const lines = text.split('\n');
  const header = (name: string): string | null => {
    const start = `# branch.${name} `;
    return lines.find((line) => line.startsWith(start))?.slice(start.length) ?? null;
  };
  const oid = header('oid');
  const branch = header('head');
  const ahead = /^\+(\d+) /.exec(header('ab') ?? '')?.[1];
  const entries = lines.filter((line) => /^[12] /.test(line));
  return {
    branch: branch === '(detached)' ? null : branch,
    head: oid === '(initial)' ? null : oid,
    upstream: header('upstream'),
    ahead: ahead === undefined ? null : Number(ahead),
    staged: entries.filter((line) => line[2] !== '.').length,
    changed: entries.filter((line) => line[3] !== '.').length,
    conflicts: lines.filter((line) => line.startsWith('u ')).length,
    untracked: lines.filter((line) => line.startsWith('? ') && !isOwnFile(line)).length,
  };
}
