import { readMinute } from './cron-line.ts';
import { withoutRegion } from './crontab-region.ts';

/** A line that a person wrote into a crontab and that calls a town's tick. */
export interface OwnLine {
  /** The command line from `gt`, or the Node before it, up to its end. */
  readonly command: readonly string[];
  /** What the table and the line set for it. */
  readonly env: Readonly<Record<string, string>>;
  readonly everyMinutes: number | null;
}

/** What decides which town a call without its name is for. */
export interface Reading {
  readonly town: string;
  readonly home: string;
  /** Whether `gt tick --all` looks after the town. */
  readonly isListed: boolean;
}

/**
 * The lines outside the town's marks that call its tick: named with `--town`, by `GT_TOWN_ROOT` or `GT_ROOT`, by `cd`, or
 * one of `--all`. `table` as {@link withoutRegion} takes it. Whatever else a line does, it is only read.
 */
export function ownLines(table: string, reading: Reading): readonly OwnLine[] {
  const set: Record<string, string> = {};
  const found: OwnLine[] = [];
  for (const bytes of withoutRegion(table, reading.town).split('\n')) {
    const line = Buffer.from(bytes, 'latin1').toString('utf8').trim();
    const [, name, value = ''] = /^([A-Za-z_]\w*)\s*=\s*(.*)$/.exec(line) ?? [];
    if (name !== undefined) set[name] = value.replace(/^(["'])(.*)\1$/, '$2');
    else if (!line.startsWith('#')) found.push(...callsIn(line, set, reading));
  }
  return found;
}

function callsIn(line: string, set: Readonly<Record<string, string>>, reading: Reading): readonly OwnLine[] {
  const [, when = '', minute, rest = '', run = ''] = /^(@\w+|(\S+)((?:\s+\S+){4}))\s+(.*)$/.exec(line) ?? [];
  if (when === '') return [];
  const every = /^(\s+\*){4}$/.test(rest) ? readMinute(minute ?? '') : null;
  const env: Record<string, string> = { ...set };
  let place = '';
  const found: OwnLine[] = [];
  for (const words of commandsIn(run)) {
    const from = words.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word));
    for (const word of words.slice(0, from === -1 ? undefined : from))
      env[word.slice(0, word.indexOf('='))] = word.slice(word.indexOf('=') + 1);
    const command = from === -1 ? [] : words.slice(from);
    if (command[0] === 'cd') place = command[1] ?? '';
    if (isTick(command) && isFor(command, place, env, reading))
      found.push({ command, env, everyMinutes: every });
  }
  return found;
}

/** The commands of a shell line, each as its words, without where its output goes. Cron takes what follows a `%` for input, unless it is escaped. */
function commandsIn(run: string): readonly (readonly string[])[] {
  const text = run
    .replace(/(?<!\\)%.*$/, '')
    .replace(/(^|\s)#.*$/, '')
    .replaceAll('\\%', '%')
    .replaceAll(/(?<=\s)(\d*[<>]&\d|(\d*|&)>{1,2}\s*[^\s;&|()]+)/g, '');
  const commands: string[][] = [[]];
  for (const [token] of text.matchAll(/[;&|()]+|(?:[^\s;&|()'"\\]|\\.|'[^']*'|"[^"]*")+/g)) {
    if (/^[;&|()]/.test(token)) commands.push([]);
    else commands.at(-1)?.push(token.replace(/'([^']*)'|"([^"]*)"|\\(.)/g, '$1$2$3'));
  }
  return commands.filter((words) => words.length > 0);
}

function isTick(command: readonly string[]): boolean {
  const gt = command.findIndex((word) => /(^|\/)gt(\.cjs)?$/.test(word));
  if (gt === -1 || command.includes('--dry-run')) return false;
  return command.slice(gt + 1).includes('tick');
}

function isFor(
  command: readonly string[],
  place: string,
  env: Readonly<Record<string, string>>,
  { town, home, isListed }: Reading,
): boolean {
  const isTown = (path: string) =>
    path.replace(/^(~|\$HOME|\$\{HOME\})(?=\/|$)/, home).replace(/\/+$/, '') === town;
  const at = command.indexOf('--town');
  const named =
    at === -1 ? command.find((word) => word.startsWith('--town='))?.slice('--town='.length) : command[at + 1];
  if (named !== undefined) return isTown(named);
  if (command.includes('--all')) return isListed;
  return isTown(env.GT_TOWN_ROOT || env.GT_ROOT || place);
}
