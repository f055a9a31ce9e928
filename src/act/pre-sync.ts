import { explain, type Ran, type Run } from '../run.ts';

/** What came of bringing a workspace up to date. `warnings` are for people; none of them keeps the agent from starting. */
export interface Synced {
  readonly changed: boolean;
  readonly warnings: readonly string[];
}

export interface Workspace {
  readonly directory: string;
  /** The rig's default branch. */
  readonly branch: string;
  readonly run: Run;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Told before each step; null where nobody watches. */
  readonly onStep: ((text: string) => void) | null;
}

const localMs = 10_000;
const fetchMs = 60_000;
const rebaseMs = 60_000;

/**
 * Brings a workspace up to date with the rig's default branch before its agent is started again (spec/tick.md §6.7):
 * fetch, then rebase. Never on a dirty tree, never left in the middle of a rebase, nothing ever deleted; each step has
 * a deadline. What does not work is a warning, and the workspace stays as it was.
 */
export async function preSync({ directory, branch, run, env, onStep }: Workspace): Promise<Synced> {
  const git = (args: readonly string[], timeoutMs: number): Promise<Ran> =>
    run({ file: 'git', args: ['-C', directory, ...args], env: gitEnvironment(env), timeoutMs });
  const unchanged = (...warnings: readonly string[]): Synced => ({ changed: false, warnings });
  const head = async () => (await git(['rev-parse', 'HEAD'], localMs)).stdout.trim();

  const inside = await git(['rev-parse', '--show-toplevel'], localMs);
  if (!inside.ok)
    return unchanged(`${directory} is not synced: it is no git work tree (git ${explain(inside)}).`);
  const status = await git(['status', '--porcelain'], localMs);
  if (!status.ok) return unchanged(`${directory} is not synced: git status ${explain(status)}.`);
  if (status.stdout.trim() !== '') {
    return unchanged(`${directory} is not synced: it has changes that are not committed.`);
  }
  onStep?.(`fetching ${directory}`);
  const fetched = await git(['fetch', '--quiet', 'origin'], fetchMs);
  if (!fetched.ok)
    return unchanged(`${directory} is not synced: git fetch ${explain(fetched)}${words(fetched)}.`);
  onStep?.(`rebasing ${directory} on ${branch}`);
  const before = await head();
  const rebased = await git(['rebase', '--quiet', `origin/${branch}`], rebaseMs);
  if (rebased.ok) return { changed: (await head()) !== before, warnings: [] };
  const aborted = await git(['rebase', '--abort'], localMs);
  const left =
    aborted.ok || !(await rebasing(git)) ? '' : ` The rebase could not be undone: git ${explain(aborted)}.`;
  return unchanged(
    `${directory} is not synced: git rebase on origin/${branch} ${explain(rebased)}${words(rebased)}.${left}`,
  );
}

async function rebasing(git: (args: readonly string[], timeoutMs: number) => Promise<Ran>): Promise<boolean> {
  const status = await git(['status'], localMs);
  return !status.ok || status.stdout.includes('rebase in progress');
}

/** Never asks for a password, never opens an editor, never works in the repository of whoever calls us. */
function gitEnvironment(env: Workspace['env']): Workspace['env'] {
  const own = Object.entries(env).filter(
    ([name]) => !/^GIT_(DIR|WORK_TREE|INDEX_FILE|COMMON_DIR|PREFIX)$/.test(name),
  );
  return { ...Object.fromEntries(own), GIT_TERMINAL_PROMPT: '0', GIT_EDITOR: 'true', LC_ALL: 'C' };
}

function words({ stderr }: Ran): string {
  const [line = ''] = stderr.trim().split('\n');
  return line === '' ? '' : ` (${line.slice(0, 200)})`;
}
