import { appendFileSync, lstatSync, mkdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Agent } from '../model/agent.ts';
import { errnoOf } from '../persist/io-failure.ts';
import { writeJson } from '../persist/json.ts';

/** What each hook runs; every one of them ends with 0, whatever state the town is in (spec/agents.md §8.1). */
const prime = 'gt prime';
const mail = 'gt mail check --inject';
const stop = 'gt costs record';

/** In a clone only files that git does not track are ours to make; these are also kept out of its status. */
const untracked = ['**/.claude/settings.local.json', '/.runtime/', '/state.json'];

/**
 * The settings of an agent in the form Claude Code reads: its hooks call `gt` (spec/agents.md §1.0.9). Those who work
 * without a person are told of their mail when they start; the others when they are first spoken to.
 */
export function hooksOf(agent: Agent): object {
  const alone = agent.role !== 'mayor' && agent.role !== 'crew';
  const on = (command: string) => [{ matcher: '', hooks: [{ type: 'command', command }] }];
  return {
    hooks: {
      SessionStart: on(alone ? `${prime} && ${mail}` : prime),
      PreCompact: on(prime),
      UserPromptSubmit: on(mail),
      Stop: on(stop),
    },
  };
}

/**
 * Writes an agent's hooks into its work directory when no settings are there; what is there, whatever it says, is left
 * alone. `.claude/settings.json`; within a git clone `.claude/settings.local.json`, which that format keeps for what is
 * not committed, and the clone's own list of ignored files is told first. A sentence when it could not be done.
 */
export function ensureHooksFile(root: string, agent: Agent, dir: string): string | null {
  try {
    const folder = `${dir}/.claude`;
    const there = lstatSync(folder, { throwIfNoEntry: false });
    if (there !== undefined && !there.isDirectory()) return null;
    const shared = `${folder}/settings.json`;
    const clone = gitEntryAround(dir, root);
    const file = clone === null ? shared : `${folder}/settings.local.json`;
    if (exists(file) || (clone !== null && callsUs(shared))) return null;
    if (clone !== null) exclude(clone, root);
    mkdirSync(folder, { recursive: true, mode: 0o755 });
    writeJson(file, hooksOf(agent), { mode: 0o644, onlyIf: () => !exists(file) });
    return null;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `its hooks could not be written: ${why}`;
  }
}

/** The `.git` of the clone a directory of the town lies in; null outside of any. */
function gitEntryAround(dir: string, root: string): string | null {
  for (let at = dir; at === root || at.startsWith(`${root}/`); at = dirname(at)) {
    if (exists(`${at}/.git`)) return `${at}/.git`;
  }
  return null;
}

/** Whether an agent that works in this directory runs hooks that call us. What cannot be read calls nobody. */
export function hooksCallUs(dir: string): boolean {
  return ['settings.json', 'settings.local.json'].some((name) => {
    try {
      return callsUs(`${dir}/.claude/${name}`);
    } catch {
      return false;
    }
  });
}

/** Upstream's programs write the shared file into clones: its hooks must not run twice. */
function callsUs(file: string): boolean {
  try {
    return readFileSync(file, 'utf8').includes(mail);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return false;
    throw error;
  }
}

/**
 * Adds what we make to the clone's own `info/exclude`, which git never shares; a worktree uses its repository's. Where that
 * is comes from a file the agent can write: a repository outside the town is not ours to write into, by no way round.
 */
function exclude(gitEntry: string, root: string): void {
  const common = commonDir(gitEntry);
  const file = `${common}/info/exclude`;
  if (!exists(common) || ![common, dirname(file), file].every((path) => leadsBelow(path, root))) return;
  const old = textOf(file);
  const lines = old.split('\n');
  const missing = untracked.filter((pattern) => !lines.includes(pattern));
  if (missing.length === 0) return;
  mkdirSync(dirname(file), { recursive: true });
  appendFileSync(file, `${old === '' || old.endsWith('\n') ? '' : '\n'}${missing.join('\n')}\n`);
}

function commonDir(gitEntry: string): string {
  if (lstatSync(gitEntry).isDirectory()) return gitEntry;
  const [, to = ''] = /^gitdir: (.+)$/m.exec(readFileSync(gitEntry, 'utf8')) ?? [];
  if (to === '') throw new Error(`${gitEntry} names no git directory`);
  const own = resolve(dirname(gitEntry), to);
  const common = textOf(`${own}/commondir`).trim();
  return common === '' ? own : resolve(own, common);
}

/** Not there yet, or really below the town. */
function leadsBelow(path: string, root: string): boolean {
  return !exists(path) || realpathSync(path).startsWith(`${realpathSync(root)}/`);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return '';
    throw error;
  }
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
