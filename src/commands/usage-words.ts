import { nearest } from '../town/nearest.ts';
import { type Command, everywhere } from './command.ts';
import { groupOf, missing, wordsOf } from './command-line.ts';
import { commands, groups } from './list.ts';

/** How far a command line was understood before something in it was wrong. */
export interface Understanding {
  /** The command line. */
  readonly words: readonly string[];
  readonly group: string | null;
  readonly command: Command | null;
}

/** What yargs says, in our words: what is wrong, and the nearest thing that is right. */
export function explained(message: string, progress: Understanding): string {
  const { words: args } = progress;
  const [, option] = /^Not enough arguments following: (.+)$/.exec(message) ?? [];
  if (option !== undefined) return `The option ${option.length === 1 ? '-' : '--'}${option} needs a value.`;
  const [, chosen = '', given = ''] =
    /^Invalid values:\n {2}Argument: (\S+), Given: (.*), Choices: /.exec(message) ?? [];
  if (chosen !== '') return noChoice(chosen, given, progress);
  if (message.startsWith('Not enough non-option arguments') && progress.command !== null) {
    return missing(progress.command);
  }
  const [, unknown] = /^Unknown arguments?: (.+)/.exec(message) ?? [];
  const names = unknown?.split(', ') ?? [];
  // Before a command is known no option can be: the word that names none is what is wrong.
  const word = progress.command === null ? names.find((name) => args.includes(name)) : undefined;
  const name = word ?? names[0];
  return name === undefined ? message : unknownText(name, args, progress);
}

function unknownText(name: string, args: readonly string[], { group, command }: Understanding): string {
  const word = args.find((arg) => new RegExp(`^--?(no-)?${literally(name)}(=|$)`).test(arg))?.split('=')[0];
  const among = name.length === 1 && args.some((arg) => /^-[A-Za-z]{2,}$/.test(arg) && arg.includes(name));
  const option = word ?? (among ? `-${name}` : undefined);
  const instead = command?.upstreamOnly?.[name];
  if (option !== undefined && instead !== undefined) return `There is no option ${option} here: ${instead}.`;
  if (option !== undefined) {
    const known = Object.keys({ ...everywhere, ...command?.options, help: null }).map((one) => `--${one}`);
    return `There is no option ${option}.${meant(nearest(option, known))}`;
  }
  if (command !== null) return `There is an argument too many: ${name}.`;
  const known = commands.filter((one) => group === null || groupOf(one) === group).map(wordsOf);
  const topics = group === null ? [...known, ...Object.keys(groups), 'completion', 'help'] : known;
  const asked = group === null ? name : `${group} ${name}`;
  return `There is no command gt ${asked}.${meant(nearest(asked, topics), 'gt ')}`;
}

/** `given` is in quotation marks. */
function noChoice(name: string, given: string, { command }: Understanding): string {
  const option = command?.options?.[name];
  const choices = option?.kind === 'text' ? (option.choices ?? []) : [];
  const or = `${choices.slice(0, -1).join(', ')} or ${choices.at(-1) ?? ''}`;
  return `--${name} is ${or}, not ${given}.${meant(nearest(given.replaceAll('"', ''), choices))}`;
}

function meant(candidate: string | null, prefix = ''): string {
  return candidate === null ? '' : ` Did you mean ${prefix}${candidate}?`;
}

function literally(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9]/g, '\\$&');
}
