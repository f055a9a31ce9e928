import yargs, { type Argv, type Options } from 'yargs';
import { type Command, everywhere, type Line, type Option } from './commands/command.ts';
import { givenBy, groupOf, Misuse, wordsOf } from './commands/command-line.ts';
import { commands, groupAliases, groups } from './commands/list.ts';
import { explained, type Understanding } from './commands/usage-words.ts';
import { exitStatus, Failure } from './exit.ts';

/** How far a command line was understood. */
type Progress = { -readonly [Key in keyof Understanding]: Understanding[Key] };

/**
 * Reads any command line. A text is what was asked for instead of a command: help, or a script for completion. Usage errors
 * are thrown as {@link Failure}s that name the nearest known command or option (design/contract.md §1).
 */
export async function understand(given: readonly string[]): Promise<Line | string> {
  const args = shellNamed(joined(commandFirst(given[0] === 'help' ? [...given.slice(1), '--help'] : given)));
  const progress: Progress = { words: args, group: null, command: null };
  let printed = '';
  try {
    await declare(args, progress).parseAsync([...args], {}, (_error, _argv, output) => {
      printed = output;
    });
  } catch (error) {
    if (error instanceof Understood) return error.line;
    throw complaintOf(error, progress) ?? error;
  }
  return printed === '' ? '' : `${printed}\n`;
}

function declare(args: readonly string[], progress: Progress): Argv {
  const parser = yargs([...args])
    .scriptName('gt')
    .usage('Keeps a town of coding agents alive with one-shot commands.\n\nUsage: $0 <command>')
    .locale('en')
    .version(false)
    .alias('help', 'h')
    .exitProcess(false)
    .strict()
    .wrap(100)
    .parserConfiguration({
      'boolean-negation': false,
      'camel-case-expansion': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
    })
    .options(optionsOf(everywhere))
    .demandCommand(1, 'A command is missing.')
    .completion(
      'completion',
      `Prints a completion script for ${shells.join(', ')}, or the shell that SHELL names`,
    )
    .example('gt completion bash >> ~/.bashrc', 'completes commands and options with the tab key')
    .fail((message, error) => {
      throw error ?? new Misuse(message);
    });
  for (const command of commands) if (groupOf(command) === null) add(parser, command, progress);
  for (const [group, purpose] of Object.entries(groups)) {
    parser.command([group, ...(groupAliases[group] ?? [])], purpose, (below) => {
      progress.group = group;
      const members = commands.filter((command) => groupOf(command) === group);
      for (const command of members) add(below, command, progress);
      for (const [line, does] of members.flatMap(({ examples }) => examples.slice(0, 1)).slice(0, 3))
        below.example(line, does);
      return below.usage(purpose).demandCommand(1, `A command is missing after gt ${group}.`);
    });
  }
  return parser;
}

function add(parser: Argv, command: Command, progress: Progress): void {
  const usage = groupOf(command) === null ? command.usage : command.usage.split(' ').slice(1).join(' ');
  // yargs counts no word after `--` as an argument: whether all are there is then seen by givenBy.
  const lenient = progress.words.includes('--') ? usage.replaceAll('<', '[').replaceAll('>', ']') : usage;
  parser.command(
    [lenient, ...(command.aliases ?? [])],
    command.purpose,
    (below) => {
      progress.command = command;
      for (const [name, describe] of Object.entries(command.arguments ?? {})) {
        below.positional(name, { describe, type: 'string' });
      }
      for (const [line, does] of command.examples) below.example(line, does);
      return below.options(optionsOf(command.options ?? {}));
    },
    (values) => {
      refuseVagueFlags(command, progress.words);
      throw new Understood({ command, given: givenBy(values, command) });
    },
  );
}

function optionsOf(declared: Readonly<Record<string, Option>>): Record<string, Options> {
  return Object.fromEntries(
    Object.entries(declared).map(([name, option]) => [
      name,
      option.kind === 'flag'
        ? { type: 'boolean', default: false, describe: option.describe, ...lettered(option) }
        : {
            type: 'string',
            requiresArg: option.bare !== true,
            describe: option.describe,
            ...lettered(option),
            ...(option.choices === undefined ? {} : { choices: option.choices }),
            // Not with a default, even that of nothing: yargs would take an option that stands bare for one not given.
            ...(option.fallback === undefined ? {} : { defaultDescription: option.fallback }),
          },
    ]),
  );
}

/** yargs takes any word but `true` for false: `--dry-run=yes` would act. */
function refuseVagueFlags(command: Command, args: readonly string[]): void {
  const end = args.includes('--') ? args.indexOf('--') : args.length;
  for (const [name, option] of Object.entries({ ...everywhere, ...command.options })) {
    if (args.indexOf(`--${name}`, end) !== -1) {
      throw new Misuse(`--${name} stands after --, where it would be no option: put it before.`);
    }
    const vague = args.find((arg) => arg.startsWith(`--${name}=`) && !/=(true|false)$/.test(arg));
    if (option.kind === 'flag' && vague !== undefined) {
      throw new Misuse(`${vague}: --${name} is given or not given, it takes no value.`);
    }
  }
}

function lettered({ short }: Option): Pick<Options, 'alias'> {
  return short === undefined ? {} : { alias: short };
}

/**
 * Flags may stand before the command (`gt --json status`), where yargs would take the command for their value; and all
 * programs are asked for their version by an option.
 */
function commandFirst(args: readonly string[]): readonly string[] {
  const flags: string[] = [];
  const rest: string[] = [];
  let at = 0;
  for (let word = args[0]; word?.startsWith('-') && word !== '--'; word = args[at]) {
    const alone = isFlag(word) || word.includes('=');
    (isFlag(word) ? flags : rest).push(...args.slice(at, at + (alone ? 1 : 2)));
    at += alone ? 1 : 2;
  }
  if (at >= args.length && flags.some((one) => versionFlags.includes(one)))
    return ['version', ...rest, ...flags.filter((one) => !versionFlags.includes(one))];
  const end = args.indexOf('--', at);
  const words = end === -1 ? args.slice(at) : args.slice(at, end);
  return [...rest, ...words, ...flags, ...args.slice(at + words.length)];
}

const versionFlags = ['--version', '-V', '-v'];

/** Every command that has it takes no value for it. */
function isFlag(word: string): boolean {
  if ([...versionFlags, '--help', '-h'].includes(word)) return true;
  const found = commands.flatMap(({ options = {} }) =>
    Object.entries({ ...everywhere, ...options }).filter(([name]) => word === `--${name}`),
  );
  return found.length > 0 && found.every(([, { kind }]) => kind === 'flag');
}

/**
 * A message may begin with a dash, as a list does: a word with white space in it is never an option, so it belongs to
 * the option before it.
 */
function joined(args: readonly string[]): readonly string[] {
  const words: string[] = [];
  for (const arg of args) {
    const before = words.at(-1) ?? '';
    if (/^-.*\s/s.test(arg) && /^--?[a-z][a-z-]*$/.test(before) && !words.includes('--'))
      words.splice(-1, 1, `${before}=${arg}`);
    else words.push(arg);
  }
  return words;
}

const shells = ['bash', 'zsh', 'fish'];

/** `gt completion zsh`: yargs asks the environment which shell it is, and prints the script whatever else stands there. */
function shellNamed(args: readonly string[]): readonly string[] {
  const [first, shell, ...rest] = args;
  if (first !== 'completion' || shell === undefined) return args;
  if (args.some((arg) => arg === '--help' || arg === '-h')) return ['--help'];
  if (shell.startsWith('-')) return args;
  if (!shells.includes(shell)) {
    const message = `A shell is bash, zsh or fish, not ${JSON.stringify(shell)}.`;
    throw new Failure('usage', exitStatus.usage, message, 'gt completion bash');
  }
  process.env.SHELL = shell;
  delete process.env.ZSH_NAME;
  return [first, ...rest];
}

/** The way out of yargs once it knows what to do: a handler that comes back to it has a whole help page laid out first. */
class Understood extends Error {
  readonly line: Line;

  constructor(line: Line) {
    super('understood');
    this.line = line;
  }
}

/** A usage failure for what yargs complains of; null for an error of a command. */
function complaintOf(error: unknown, progress: Progress): Failure | null {
  if (!(error instanceof Error)) return null;
  if (!(error instanceof Misuse) && error.name !== 'YError') return null;
  const { group, command } = progress;
  const words = command === null ? (group === null ? 'gt' : `gt ${group}`) : `gt ${wordsOf(command)}`;
  return new Failure('usage', exitStatus.usage, explained(error.message, progress), `${words} --help`);
}
