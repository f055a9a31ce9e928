import { appendFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { exitStatus, Failure } from '../exit.ts';
import { notSaved } from '../persist/io-failure.ts';
import { writeJson } from '../persist/json.ts';
import { type GitTools, gitFor } from './git.ts';

/** A crew worker that is to get a workspace. */
export interface NewCrew {
  readonly root: string;
  readonly rig: string;
  readonly name: string;
  /** Where the rig's project comes from; null for a rig without a repository. */
  readonly source: string | null;
  /** Give it a branch of its own. */
  readonly branch: boolean;
  /** RFC 3339. */
  readonly at: string;
}

const cloneTimeoutMs = 60 * 60_000;

/**
 * Makes a crew worker's workspace: a clone of its own, from the rig's bare repository where there is one, with the
 * project's own remote (spec/agents.md §1.5); an empty directory for a rig without a repository. Built beside its place
 * and renamed at the end, so a failure leaves nothing. Returns the branch; null without a repository.
 */
export async function makeCrew(crew: NewCrew, tools: GitTools): Promise<string | null> {
  const { root, rig, name, source, at } = crew;
  const home = `${root}/${rig}/crew/${name}`;
  const partial = `${root}/${rig}/crew/.${name}.${process.pid}.partial`;
  try {
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(partial, { recursive: true });
    const branch = source === null ? null : await cloneInto(partial, crew, source, tools);
    const record = { name, rig, clone_path: home, branch: branch ?? '', created_at: at, updated_at: at };
    if (!existsSync(`${partial}/state.json`)) writeJson(`${partial}/state.json`, record, { mode: 0o644 });
    // rename replaces an empty directory: whoever made one meanwhile must not lose it.
    if (existsSync(home))
      throw new Failure('worker-exists', exitStatus.cannotCreate, `${home} exists by now.`, 'gt crew list');
    renameSync(partial, home);
    return branch;
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    throw notSaved(home, error);
  }
}

async function cloneInto(
  partial: string,
  { root, rig, name, branch }: NewCrew,
  source: string,
  tools: GitTools,
): Promise<string> {
  const git = gitFor(tools, source);
  const bare = `${root}/${rig}/.repo.git`;
  const near = existsSync(bare) ? bare : source;
  tools.onProgress?.(`Cloning ${rig} for ${name} …\n`);
  await git(['clone', '--quiet', '--', near, partial], root, cloneTimeoutMs);
  await git(['remote', 'set-url', 'origin', source], partial);
  // What the town keeps beside the project's files is no change of the project.
  appendFileSync(`${partial}/.git/info/exclude`, '/state.json\n/.runtime/\n/mail/\n');
  if (branch) await git(['checkout', '--quiet', '-b', `crew/${name}`], partial);
  return await git(['symbolic-ref', '--short', 'HEAD'], partial);
}
