import { lstatSync } from 'node:fs';
import { exitStatus, Failure } from '../../exit.ts';
import { withEditLock } from '../../persist/edit-lock.ts';
import { readJson } from '../../persist/json.ts';
import { jsonText } from '../../show/json.ts';
import { oneLine } from '../../show/printable.ts';
import { gitSource, withoutPassword } from '../../town/git-source.ts';
import type { Layout } from '../../town/layout.ts';
import { checkRigName } from '../../town/names.ts';
import type { RigEntry } from '../../town/registry.ts';
import { registerRig, registryOf } from '../../town/registry-edit.ts';
import { makeRig, partialOf } from '../../town/rig-clone.ts';
import { defaultPrefix, isPrefix } from '../../town/rig-prefix.ts';
import { loadRigs } from '../../town/rigs.ts';
import { isObject } from '../../town/settings-problem.ts';
import { shellWord } from '../../town/shell-word.ts';
import type { Context } from '../context.ts';
import { enlist } from '../install/enlist.ts';
import { holderOf } from '../operator/hold-rights.ts';
import { logDeed } from '../operator/log-deed.ts';
import { editing, townOf } from './rig.ts';

export interface RigAddOptions {
  readonly town?: string | undefined;
  readonly name: string;
  /** A git URL or the path of a repository; without one the rig is empty. */
  readonly source?: string | undefined;
  readonly prefix?: string | undefined;
  readonly json?: boolean | undefined;
}

/**
 * `gt rig add NAME [GIT_URL|PATH]`: clones a project as upstream lays rigs out, or makes an empty rig, and registers it.
 * Without a source, an existing directory that describes itself as this rig is registered as it is.
 */
export async function rigAddCommand(options: RigAddOptions, context: Context): Promise<number> {
  const at = townOf(options.town, context);
  const { name } = options;
  const registry = registryOf(at);
  checkName(name, at, registry);
  const prefix = prefixOf(options, registry);
  const source = options.source === undefined ? null : gitSource(options.source, context.cwd);
  const edit = editing(`gt rig add ${name}`, context);
  if (source !== null && source !== withoutPassword(source)) {
    context.stderr('The URL contains a password. It is stored with the rig, as git stores it.\n');
  }
  const rig = await withEditLock(
    `${at.root}/.rig-${name}`,
    { since: edit.at, command: edit.command },
    async () => {
      const entry = described(at, name, source !== null) ?? (await make());
      if (!(await registerRig(at, name, entry.entry, edit))) throw exists(name, at);
      return entry;
    },
  );
  async function make(): Promise<Added> {
    if (lstatSync(partialOf(at.root, name), { throwIfNoEntry: false }) !== undefined) {
      context.stderr(`${partialOf(at.root, name)} is left of an earlier try; it is made anew.\n`);
    }
    const onProgress = context.isTerminal && options.json !== true ? context.stderr : null;
    const branch = await makeRig(
      { root: at.root, name, prefix, source, at: edit.at },
      { run: context.run, env: context.env, onProgress },
    );
    return { entry: { gitUrl: source ?? '', addedAt: edit.at, prefix }, branch, made: true };
  }
  const text = `${name} was made a rig of the town by ${oneLine(holderOf(at, context))}`;
  logDeed(at, { kind: 'rig-added', target: name, text }, context);
  await enlist(at.root, 'gt rig add', context);
  context.stdout(options.json === true ? jsonText(document(at, name, rig)) : report(at, name, rig));
  return exitStatus.done;
}

interface Added {
  readonly entry: RigEntry;
  readonly branch: string | null;
  /** False for a directory that was there. */
  readonly made: boolean;
}

function checkName(name: string, at: Layout, registry: ReadonlyMap<string, RigEntry>): void {
  if (registry.has(name)) throw exists(name, at);
  const { rigs } = loadRigs(at);
  const wrong = checkRigName(name, rigs.known ? rigs.value : []);
  if (wrong !== null)
    throw new Failure('rig-name', exitStatus.usage, wrong, `gt rig list --town ${shellWord(at.root)}`);
}

function prefixOf({ name, prefix }: RigAddOptions, registry: ReadonlyMap<string, RigEntry>): string {
  const taken = new Set([...registry.values()].map((entry) => entry.prefix));
  if (prefix === undefined) return defaultPrefix(name, taken);
  const plain = prefix.replace(/-$/, '');
  const wrong = !isPrefix(plain)
    ? 'is not up to sixteen small letters and digits, a letter first'
    : taken.has(plain)
      ? 'belongs to another rig'
      : null;
  if (wrong === null) return plain;
  throw new Failure(
    'rig-prefix',
    exitStatus.usage,
    `The prefix ${JSON.stringify(prefix)} ${wrong}.`,
    'gt rig list --json',
  );
}

/** A rig that stands there, as after a run that was killed before it could register it. Null: there is nothing. */
function described(at: Layout, name: string, hasSource: boolean): Added | null {
  const path = `${at.root}/${name}`;
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return null;
  const read = readJson(`${path}/config.json`);
  const config = read.kind === 'ok' && isObject(read.value) ? read.value : {};
  const isRig = config.type === 'rig' && config.name === name;
  if (!isRig || hasSource) {
    throw new Failure(
      'rig-directory',
      exitStatus.failed,
      `${path} is there and is not registered as a rig. It is left as it is.`,
      isRig ? `gt rig add ${name} --town ${shellWord(at.root)}` : `ls -la ${shellWord(path)}`,
    );
  }
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  const beads = isObject(config.beads) ? config.beads : {};
  const entry = {
    gitUrl: text(config.git_url),
    addedAt: text(config.created_at),
    prefix: text(beads.prefix),
  };
  return { entry, branch: text(config.default_branch) || null, made: false };
}

function exists(name: string, at: Layout): Failure {
  return new Failure(
    'rig-exists',
    exitStatus.failed,
    `The town ${at.root} has a rig ${name} already.`,
    `gt rig list --town ${shellWord(at.root)}`,
  );
}

function document(at: Layout, name: string, { entry, branch, made }: Added): unknown {
  const url = withoutPassword(entry.gitUrl);
  return {
    schema: 'gt.rig-add/1',
    town: at.root,
    rig: name,
    path: `${at.root}/${name}`,
    git_url: url,
    default_branch: branch,
    beads_prefix: entry.prefix,
    made,
  };
}

function report(at: Layout, name: string, { entry, branch, made }: Added): string {
  const what = entry.gitUrl === '' ? 'an empty rig' : `from ${withoutPassword(entry.gitUrl)}`;
  const lines = made
    ? [`The rig ${name} was added (${what}, prefix ${entry.prefix}).`]
    : [
        `The directory ${at.root}/${name} is registered as the rig ${name} (${what}); nothing in it was changed.`,
      ];
  if (branch !== null && made)
    lines.push(
      `  ${name}/mayor/rig      clone, on ${branch}`,
      `  ${name}/refinery/rig   worktree, on ${branch}`,
    );
  return `${lines.join('\n')}\nThe next gt tick starts its witness.\n`;
}
