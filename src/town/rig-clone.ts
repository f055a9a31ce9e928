import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { exitStatus, Failure } from '../exit.ts';
import { notSaved } from '../persist/io-failure.ts';
import { writeJson } from '../persist/json.ts';
import { type Git, type GitTools, gitFor } from './git.ts';
import { withoutPassword } from './git-source.ts';

/** A rig that is to be made below a town. */
export interface NewRig {
  readonly root: string;
  readonly name: string;
  readonly prefix: string;
  /** What {@link gitSource} gave; null for a rig without a repository. */
  readonly source: string | null;
  /** RFC 3339. */
  readonly at: string;
}

const cloneTimeoutMs = 60 * 60_000;

/** Where an unfinished rig is built. */
export function partialOf(root: string, name: string): string {
  return `${root}/.rig-${name}.partial`;
}

/**
 * Makes a rig as upstream lays it out (spec/agents.md §3.12, §5.2): a bare `.repo.git`, the clone `mayor/rig`, the
 * worktree `refinery/rig` on the default branch, and the agents' directories. It is built beside its place and renamed
 * at the end, so a failure leaves nothing. Returns the default branch; null without a repository.
 */
export async function makeRig(rig: NewRig, tools: GitTools): Promise<string | null> {
  const partial = partialOf(rig.root, rig.name);
  try {
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(partial);
    for (const dir of ['mayor', 'refinery', 'witness', 'crew', 'polecats']) mkdirSync(`${partial}/${dir}`);
    const branch = rig.source === null ? null : await cloneInto(partial, rig, rig.source, tools);
    writeRecords(partial, rig, branch);
    renameSync(partial, `${rig.root}/${rig.name}`);
    return branch;
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    throw notSaved(`${rig.root}/${rig.name}`, error);
  }
}

/** One transfer: the bare repository is fetched, the clone and the worktree are made from it. */
async function cloneInto(partial: string, rig: NewRig, source: string, tools: GitTools): Promise<string> {
  const bare = `${partial}/.repo.git`;
  const clone = `${partial}/mayor/rig`;
  const git = gitFor(tools, source);
  const progress = tools.onProgress === null ? '--quiet' : '--progress';
  tools.onProgress?.(`Cloning ${withoutPassword(source)} …\n`);
  await git(['clone', '--bare', progress, '--', source, bare], partial, cloneTimeoutMs);
  const branch = await defaultBranch(bare, source, git);
  tools.onProgress?.('Checking out mayor/rig and refinery/rig …\n');
  await git(['clone', '--quiet', '--no-checkout', '--', bare, clone], partial);
  await git(['remote', 'set-url', 'origin', source], clone);
  await git(['checkout', '--quiet', '--force', branch], clone);
  await git(['config', 'remote.origin.fetch', '+refs/heads/*:refs/remotes/origin/*'], bare);
  await git(['fetch', '--quiet', '.', '+refs/heads/*:refs/remotes/origin/*'], bare);
  await git(['worktree', 'add', '--quiet', `${partial}/refinery/rig`, branch], bare);
  moveWorktree(partial, `${rig.root}/${rig.name}`);
  return branch;
}

/** The branch the repository's HEAD names; it must have a commit to check out. */
async function defaultBranch(bare: string, source: string, git: Git): Promise<string> {
  try {
    await git(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], bare);
  } catch {
    throw new Failure(
      'repository-empty',
      exitStatus.failed,
      `${withoutPassword(source)} has no commit on its default branch, so there is nothing to work in. Push one first. Nothing was left behind.`,
      'gt rig add --help',
    );
  }
  return await git(['symbolic-ref', '--short', 'HEAD'], bare);
}

/** A worktree and its repository name each other by absolute path: both are told the place they will have. */
function moveWorktree(from: string, to: string): void {
  for (const file of ['.repo.git/worktrees/rig/gitdir', 'refinery/rig/.git']) {
    const path = `${from}/${file}`;
    writeFileSync(
      path,
      readFileSync(path, 'utf8').replace(from, () => to),
    );
  }
}

function writeRecords(partial: string, { name, prefix, source, at }: NewRig, branch: string | null): void {
  const config = {
    type: 'rig',
    version: 1,
    name,
    git_url: source ?? '',
    ...(branch === null ? {} : { default_branch: branch }),
    created_at: at,
    beads: { prefix },
  };
  writeJson(`${partial}/config.json`, config, { mode: 0o644 });
  for (const role of ['witness', 'refinery', 'mayor']) {
    writeJson(`${partial}/${role}/state.json`, { role, last_active: at }, { mode: 0o644 });
  }
}
