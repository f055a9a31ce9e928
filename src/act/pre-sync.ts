import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { explain, type Ran, type Run } from '../run.ts';
import { realPath } from '../town/path-on-disk.ts';
import { gitEnvironment, gitOptions, gitWords, isOwnFile } from './workspace-git.ts';

/** What came of bringing a workspace up to date. `warnings` are for people; none of them keeps the agent from starting. */
export interface Synced {
  readonly changed: boolean;
  readonly warnings: readonly string[];
}

export interface Workspace {
  readonly directory: string;
  /** The rig's default branch. */
  readonly branch: string;
  /** Milliseconds for all of it; each step has its own limit as well. */
  readonly deadlineMs: number;
  readonly run: Run;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Told before each step; null where nobody watches. */
  readonly onStep: ((text: string) => void) | null;
}

/** One git command in the workspace; it never takes longer than what is left for all of them. */
type Git = (args: readonly string[], timeoutMs: number) => Promise<Ran>;

const localMs = 10_000;
const fetchMs = 60_000;
const rebaseMs = 60_000;
/** Kept for undoing a rebase that did not work or did not end in time. */
const undoMs = 3_000;
/** With less than this a rebase is not begun. */
const beginMs = 1_000;

/** What git leaves in its directory while something goes on that only the agent may end. */
const going = [
  ['rebase-merge', 'a rebase'],
  ['rebase-apply', 'a rebase'],
  ['MERGE_HEAD', 'a merge'],
  ['CHERRY_PICK_HEAD', 'a cherry-pick'],
  ['REVERT_HEAD', 'a revert'],
  ['BISECT_LOG', 'a bisection'],
] as const;

/**
 * Brings a workspace up to date with the rig's default branch before its agent is started again (spec/tick.md §6.7):
 * fetch, then rebase. Only a work tree of its own, never one that merely surrounds the directory; never a dirty one, nor
 * one in which something of the agent's is under way; never left in the middle of a rebase of ours, nothing ever deleted.
 * What does not work is a warning, and the workspace stays as it was.
 */
export async function preSync({
  directory,
  branch,
  deadlineMs,
  run,
  env,
  onStep,
}: Workspace): Promise<Synced> {
  const unchanged = (why: string): Synced => ({
    changed: false,
    warnings: [`${directory} is not synced: ${why}.`],
  });
  const home = realPath(directory);
  if (home === null) return unchanged('it is not there');
  let left = deadlineMs;
  const call = async (args: readonly string[], timeoutMs: number): Promise<Ran> => {
    const ran = await run({
      file: 'git',
      args: [...gitOptions(home), ...args],
      env: gitEnvironment(env, home),
      whole: true,
      timeoutMs,
    });
    left -= ran.ms;
    return ran;
  };
  const git: Git = (args, timeoutMs) => call(args, Math.max(1, Math.min(timeoutMs, left - undoMs)));
  const head = async () => (await git(['rev-parse', 'HEAD'], localMs)).stdout.trim();

  const top = await git(['rev-parse', '--show-toplevel'], localMs);
  if (!top.ok) return unchanged(`it is no git work tree (git ${explain(top)})`);
  if (realPath(top.stdout.replace(/\n$/, '')) !== home) return unchanged('it is no git work tree of its own');
  const marks = await findMarks(git, home);
  if (typeof marks === 'string') return unchanged(marks);
  const underWay = marks.found();
  if (underWay !== null) return unchanged(`${underWay} is under way there`);
  const status = await git(['status', '--porcelain'], localMs);
  if (!status.ok) return unchanged(`git status ${explain(status)}`);
  if (status.stdout.split('\n').some((line) => line !== '' && !isOwnFile(line)))
    return unchanged('it has changes that are not committed');
  onStep?.(`fetching ${directory}`);
  const fetched = await git(['fetch', '--quiet', 'origin'], fetchMs);
  if (!fetched.ok) return unchanged(`git fetch ${explain(fetched)}${gitWords(fetched)}`);
  // Looked at once more: a fetch takes long enough for somebody to begin.
  const begun = marks.found();
  if (begun !== null) return unchanged(`${begun} is under way there`);
  if (left < undoMs + beginMs) return unchanged('the time of this pass is used up');
  onStep?.(`rebasing ${directory} on ${branch}`);
  const before = await head();
  const rebased = await git(['rebase', '--quiet', `origin/${branch}`], rebaseMs);
  if (rebased.ok) return { changed: (await head()) !== before, warnings: [] };
  const undone =
    marks.found() === null
      ? null
      : await call(['rebase', '--abort'], Math.max(undoMs, Math.min(left, localMs)));
  const stuck =
    undone === null || undone.ok || marks.found() === null
      ? ''
      : `; the rebase could not be undone: git ${explain(undone)}`;
  return unchanged(`git rebase on origin/${branch} ${explain(rebased)}${gitWords(rebased)}${stuck}`);
}

/** Looks for what is under way in a work tree; a clause of words when git cannot tell where that would show. */
async function findMarks(git: Git, home: string): Promise<string | { readonly found: () => string | null }> {
  const asked = await git(['rev-parse', ...going.flatMap(([name]) => ['--git-path', name])], localMs);
  const paths = asked.stdout.trimEnd().split('\n');
  if (!asked.ok || paths.length !== going.length) return `git rev-parse ${explain(asked)}`;
  const marks = going.map(([, what], index) => ({ what, path: resolve(home, paths[index] ?? '') }));
  return { found: () => marks.find(({ path }) => existsSync(path))?.what ?? null };
}
