import { type Command, everywhere, type Line, type Option } from './command.ts';
import { givenBy, groupOf, placesOf, wordsOf } from './command-line.ts';
import { commands, groups } from './list.ts';

/** A word that says the same to everybody: nothing that begins an option, is quoted, could be a flag's value, or asks for help. */
const plainWord = /^(?!-|true$|false$|help$)[A-Za-z0-9_./@:+%~,-]+$/;

/**
 * Reads a command line that leaves no doubt: a command by its full name, its flags and options as they are declared, each
 * once, and no argument too many or too few. Null for every other, which yargs reads: that alone costs as much as
 * starting Node (test/bench).
 */
export function plainLine(args: readonly string[]): Line | null {
  const command = commandOf(args);
  if (command === null) return null;
  const words = wordsOf(command).split(' ');
  const values: Record<string, unknown> = { _: words };
  const places = [...placesOf(command)];
  const rest = args.slice(words.length);
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (!word.startsWith('--')) {
      const place = places.shift();
      if (place === undefined || place.many || !plainWord.test(word)) return null;
      values[place.name] = word;
      continue;
    }
    const [option = '', value] = word.slice(2).split(/=(.*)/s);
    if (Object.hasOwn(values, option)) return null;
    const found = textOrTrue(optionOf(command, option), value, rest);
    if (found === null) return null;
    values[option] = found;
  }
  return places.some(({ needed }) => needed) ? null : { command, given: givenBy(values, command) };
}

/** Takes the word after the option out of `rest` where that is its value. */
function textOrTrue(
  option: Option | undefined,
  value: string | undefined,
  rest: string[],
): true | string | null {
  if (option?.kind === 'flag') return value === undefined ? true : null;
  if (option === undefined || option.bare === true || option.choices !== undefined) return null;
  const text = value ?? rest.shift() ?? '';
  return plainWord.test(text) ? text : null;
}

function optionOf(command: Command, name: string): Option | undefined {
  const declared = { ...everywhere, ...command.options };
  return Object.hasOwn(declared, name) ? declared[name] : undefined;
}

function commandOf([first = '', second = '']: readonly string[]): Command | null {
  const words = Object.hasOwn(groups, first) ? `${first} ${second}` : first;
  return (
    commands.find(
      (command) => wordsOf(command) === words && (groupOf(command) !== null || words === first),
    ) ?? null
  );
}
