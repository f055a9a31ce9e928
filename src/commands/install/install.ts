import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { exitStatus, Failure } from '../../exit.ts';
import { findProgram } from '../../run.ts';
import { jsonText } from '../../show/json.ts';
import { storeAsked, storeKind } from '../../store/kind.ts';
import { makeTown } from '../../town/create.ts';
import { type ChosenAgent, chooseAgent, firstSettings } from '../../town/first-settings.ts';
import { shellWord } from '../../town/shell-word.ts';
import { type Context, searchPath } from '../context.ts';
import { enlist } from './enlist.ts';
import { nameOverseer } from './overseer.ts';

export interface InstallOptions {
  /** Default: the town the environment names, else the current directory. */
  readonly dir?: string | undefined;
  /** A preset's name or a command line; default `claude`. */
  readonly agent?: string | undefined;
  readonly socket?: string | undefined;
  /** `files` (default) or `beads`. */
  readonly store?: string | undefined;
  /** What the town is called; by default as its directory is. */
  readonly name?: string | undefined;
  readonly json?: boolean | undefined;
}

/** `gt install [DIR]`: makes a town or completes one; never overwrites (design/contract.md §3). */
export async function installCommand(options: InstallOptions, context: Context): Promise<number> {
  checkStore(options.store, context);
  checkSocket(options.socket);
  checkName(options.name);
  const { GT_TOWN_ROOT, GT_ROOT } = context.env;
  // The town that every other command would work in.
  const path = townPath(options.dir ?? (GT_TOWN_ROOT || GT_ROOT || undefined), context);
  const agent = chooseAgent(options.agent ?? 'claude', context.cwd, searchPath(context.env));
  if (context.isTerminal && options.json !== true) context.stderr(`Making a town at ${path} …\n`);
  const settings = firstSettings({ agent, socket: options.socket, store: options.store, env: context.env });
  const town = await makeTown(path, settings, context.now(), options.name);
  const { layout } = town;
  const notApplied = town.notApplied.filter((key) => key !== 'store' || !usesStore(layout.root, options));
  const wantsBeads = options.store === 'beads' && !notApplied.includes('store');
  const beads = wantsBeads ? await (await import('./beads.ts')).installBeads(layout.root, context) : null;
  const person = await nameOverseer(layout.root, context);
  const more = (isMade: boolean) => [
    ...(beads === isMade ? ['.beads/'] : []),
    ...(person === isMade ? ['mayor/overseer.json'] : []),
  ];
  const made = [...town.made, ...more(true)];
  const kept = [...town.kept, ...more(false)];
  // Nobody asked for the default agent by name, so a town with another one is as it should be.
  const refused = notApplied.filter((key) => key !== 'default_agent' || options.agent !== undefined);
  const next = [
    `gt rig add NAME GIT_URL --town ${shellWord(layout.root)}`,
    `gt tick --dry-run --town ${shellWord(layout.root)}`,
    `gt tick --town ${shellWord(layout.root)}`,
  ];
  await enlist(layout.root, 'gt install', context);
  const settingsMade = made.includes('settings/config.json');
  if (settingsMade && agent.found === null) {
    context.stderr(
      `${agent.runtime.command} was not found on the search path: install it before the first tick.\n`,
    );
  }
  for (const key of refused) {
    context.stderr(
      `${key === 'name' ? layout.townFile : layout.settingsFile} was there and is unchanged: what you asked for as ${key} does not hold.\n`,
    );
  }
  context.stdout(
    options.json === true
      ? jsonText({
          schema: 'gt.install/1',
          town: layout.root,
          made,
          kept,
          not_applied: refused,
          agent: agentJson(agent),
          next,
        })
      : report(layout.root, made, settingsMade ? agent : null, next),
  );
  return refused.length === 0 ? exitStatus.done : exitStatus.failed;
}

/** Settings that say nothing of a store may come to the same by what the town has. */
function usesStore(root: string, { store }: InstallOptions): boolean {
  return storeKind(root, storeAsked(root)) === store;
}

function report(
  root: string,
  made: readonly string[],
  agent: ChosenAgent | null,
  next: readonly string[],
): string {
  const lines =
    made.length === 0
      ? [`The town ${root} is complete; nothing was changed.`]
      : [`The town ${root}:`, ...made.map((item) => `  ${item}`)];
  if (agent !== null) {
    const { command, args } = agent.runtime;
    lines.push(
      '',
      `Agents run: ${[command, ...args].join(' ')}`,
      '  (agents in settings/config.json; what they may do is decided there)',
    );
  }
  return `${[...lines, '', 'Next:', ...next.map((line) => `  ${line}`)].join('\n')}\n`;
}

function agentJson({ name, runtime, found }: ChosenAgent): unknown {
  return { name, command: runtime.command, args: runtime.args, found };
}

function townPath(dir: string | undefined, context: Context): string {
  if (context.cwd === '' && (dir === undefined || !dir.startsWith('/'))) {
    throw new Failure(
      'bad-town-path',
      exitStatus.cannotCreate,
      'The current directory no longer exists.',
      'gt install DIR',
    );
  }
  if (dir === '') {
    throw new Failure('bad-town-path', exitStatus.usage, 'The directory given is empty.', 'gt install DIR');
  }
  const path = resolve(context.cwd || '/', dir ?? '.');
  const home = context.env.HOME ?? homedir();
  if (path !== '/' && path !== resolve(home)) return path;
  throw new Failure(
    'bad-town-path',
    exitStatus.cannotCreate,
    `A town fills a directory of its own; ${path} is ${path === '/' ? 'the whole machine' : 'your home'}.`,
    `gt install ${shellWord(resolve(home, 'gt'))}`,
  );
}

function checkStore(store: string | undefined, { env }: Context): void {
  if (store === 'beads' && findProgram('bd', searchPath(env)) === null) {
    throw new Failure(
      'bd-missing',
      exitStatus.unavailable,
      'A town that keeps its mail in beads needs the program bd, which is not on the search path.',
      'gt install --store files',
    );
  }
  if (store === undefined || store === 'files' || store === 'beads') return;
  throw new Failure(
    'usage',
    exitStatus.usage,
    `--store is files or beads, not ${JSON.stringify(store)}.`,
    'gt install --store files',
  );
}

function checkName(name: string | undefined): void {
  if (name === undefined || /^[^\p{Cc}]{1,100}$/u.test(name)) return;
  throw new Failure(
    'usage',
    exitStatus.usage,
    `--name is one line of at most 100 characters, not ${JSON.stringify(name)}.`,
    'gt install --name gt',
  );
}

function checkSocket(socket: string | undefined): void {
  if (socket === undefined || /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/.test(socket)) return;
  throw new Failure(
    'usage',
    exitStatus.usage,
    `--socket is a short name of letters, digits, _ . and -, not ${JSON.stringify(socket)}: it becomes tmux -L NAME.`,
    'gt install --socket gt',
  );
}
