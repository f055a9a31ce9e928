import { existsSync } from 'node:fs';
import { exitStatus, Failure } from '../../exit.ts';
import { jsonText } from '../../show/json.ts';
import { findTown } from '../../town/find.ts';
import { type Git, gitFor } from '../../town/git.ts';
import { layout } from '../../town/layout.ts';
import { confusedWith, sharedBox, wrongWorkerName } from '../../town/names.ts';
import { loadRigs } from '../../town/rigs.ts';
import { shellWord } from '../../town/shell-word.ts';
import type { Context } from '../context.ts';
import { gitDirOf } from '../work/branch.ts';

export interface PolecatAddOptions {
  readonly town?: string | undefined;
  readonly rig: string;
  readonly name: string;
  readonly json?: boolean | undefined;
}

/**
 * `gt polecat add R N` (spec/agents.md §1.7): a worktree of the rig's repository at `R/polecats/N`, on the new branch
 * `polecat/N-<time>`. One that exists is left as it is; one that was never finished is refused. Nothing here ever removes a worktree or a branch.
 */
export async function polecatAddCommand(options: PolecatAddOptions, context: Context): Promise<number> {
  const { town, rig, name, json = false } = options;
  const { env, cwd } = context;
  const { root } = layout(findTown({ town, env, cwd }));
  refuseName(root, rig, name);
  const dir = `${root}/${rig}/polecats/${name}`;
  const isNew = !existsSync(dir);
  const source = sourceOf(`${root}/${rig}`);
  if (!isNew && source !== null) refuseUnfinished(dir, source, `${root}/${rig}/${name}.unfinished`);
  const branch = isNew ? await addWorktree(source, dir, name, context) : null;
  if (json)
    context.stdout(
      jsonText({ schema: 'gt.polecat.add/1', rig, name, clone_path: dir, branch, created: isNew }),
    );
  else if (isNew) context.stdout(`✓ Polecat ${rig}/${name} is at ${dir}, on the branch ${branch}\n`);
  else context.stdout(`○ ${dir} is there already and was left as it is\n`);
  return exitStatus.done;
}

function refuseName(root: string, rig: string, name: string): void {
  const { rigs } = loadRigs(layout(root));
  if (!rigs.known)
    throw new Failure(
      'rigs-unknown',
      exitStatus.failed,
      `Which rigs exist is unknown: ${rigs.reason}.`,
      'gt rig list',
    );
  const home = rigs.value.find((one) => one.name === rig);
  if (home === undefined)
    throw new Failure('rig-unknown', exitStatus.failed, `Error: rig not found: ${rig}`, 'gt rig list');
  const all = new Set(rigs.value.map((one) => one.name));
  const isNew = !home.polecats.includes(name);
  const wrong =
    wrongWorkerName(name, 'polecat') ??
    confusedWith(name, rig, all) ??
    (isNew ? sharedBox(name, rig, 'polecat', rigs.value) : null);
  if (wrong !== null)
    throw new Failure(
      'polecat-name',
      exitStatus.usage,
      `A polecat cannot be called ${name}: ${wrong}`,
      'gt polecat add --help',
    );
}

/** The repository that a rig's worktrees are of. */
function sourceOf(home: string): string | null {
  return [`${home}/.repo.git`, `${home}/mayor/rig`].find((place) => existsSync(place)) ?? null;
}

/** A `git worktree add` that was cut short leaves a directory in which nothing, or not everything, is checked out. */
function refuseUnfinished(dir: string, source: string, aside: string): void {
  const git = gitDirOf(dir);
  if (git !== null && existsSync(`${git}/HEAD`) && existsSync(`${git}/index`)) return;
  const remedy =
    git === null
      ? `mv ${shellWord(dir)} ${shellWord(aside)}`
      : `git -C ${shellWord(source)} worktree remove --force --force ${shellWord(dir)}`;
  throw new Failure(
    'polecat-unfinished',
    exitStatus.failed,
    `${dir} is there and is no finished worktree: making it was cut short, goes on now, or somebody else made it. It was left as it is. Look into it; if nothing there is needed, clear the place and add the polecat again.`,
    remedy,
  );
}

async function addWorktree(
  source: string | null,
  dir: string,
  name: string,
  context: Context,
): Promise<string> {
  if (source === null) {
    throw new Failure(
      'no-repository',
      exitStatus.failed,
      `The rig of ${dir} has no repository, so a polecat has nothing to work in. A directory of your own making will do: mkdir ${dir}`,
      'gt rig add --help',
    );
  }
  const onProgress = context.isTerminal ? context.stderr : null;
  const git: Git = gitFor({ run: context.run, env: context.env, onProgress }, dir);
  const branch = `polecat/${name}-${context.now().getTime().toString(36)}`;
  await git(['worktree', 'add', '--quiet', '-b', branch, dir], source);
  return branch;
}
