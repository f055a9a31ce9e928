import { describe, expect, it } from 'vitest';
import { understand } from '../src/cli.ts';
import { type Command, everywhere, type Line } from '../src/commands/command.ts';
import { placesOf, wordsOf } from '../src/commands/command-line.ts';
import { commands } from '../src/commands/list.ts';
import { plainLine } from '../src/commands/plain-line.ts';

/** Everything that a command could ask of a line. */
function told(line: Line): unknown {
  const { command, given } = line;
  const names = [
    ...Object.keys({ ...everywhere, ...command.options }),
    ...placesOf(command).map(({ name }) => name),
  ];
  return {
    words: wordsOf(command),
    given: names.map((name) => [name, given.flag(name), given.text(name), given.texts(name)]),
  };
}

/** Command lines of a command that leave no doubt: with each of its options, and with all its flags. */
function plainLines(command: Command): readonly (readonly string[])[] {
  const places = placesOf(command).filter(({ many }) => !many);
  const needed = places.filter((place) => place.needed).map((_, index) => `some-${index}`);
  const all = places.map((_, index) => `some-${index}`);
  const options = Object.entries({ ...everywhere, ...command.options });
  const flags = options.flatMap(([name, { kind }]) => (kind === 'flag' ? [`--${name}`] : []));
  const texts = options.flatMap(([name, option]) =>
    option.kind === 'text' && option.bare !== true && option.choices === undefined ? [name] : [],
  );
  const words = wordsOf(command).split(' ');
  return [
    [...words, ...needed],
    [...words, ...all, ...flags],
    [...words, ...flags, ...all],
    ...flags.map((flag) => [...words, flag, ...needed]),
    ...texts.flatMap((name) => [
      [...words, `--${name}`, '/a/b', ...needed],
      [...words, ...needed, `--${name}=a,b`],
    ]),
  ];
}

/** What one door takes and the other must not take for something else. */
const doubtful = [
  ['status', '--jsn'],
  ['status', 'too-much'],
  ['status', '--json=yes'],
  ['status', '--json', 'true'],
  ['status', '--json', '--json'],
  ['status', '--town'],
  ['status', '--town='],
  ['status', '--town', '--json'],
  ['status', '--town', 'a', '--town', 'b'],
  ['status', '--town', '"a"'],
  ['status', '--help'],
  ['status', '--', 'a'],
  ['status', '-j'],
  ['status', '--constructor'],
  ['stat'],
  ['mail'],
  ['mail', 'inbx'],
  ['rig', 'add'],
  ['help', 'status'],
  ['status', 'help'],
  ['sling', 'gw-1', 'help'],
  ['polecat', 'add', 'proj', 'help'],
  ['rig', 'add', 'help', 'x'],
  ['mail', 'read', 'help'],
  ['constructor'],
  [],
];

describe('a command line that leaves no doubt', () => {
  const lacking = commands.filter((command) => placesOf(command).some(({ many, needed }) => many && needed));

  it.each(
    commands.filter((command) => !lacking.includes(command)).map((command) => [wordsOf(command), command]),
  )('is understood as yargs understands it: gt %s', async (_, command) => {
    for (const args of plainLines(command)) {
      const line = plainLine(args);
      const other = await understand(args);
      expect(line, args.join(' ')).not.toBeNull();
      if (line === null || typeof other === 'string') throw new Error(`not understood: ${args.join(' ')}`);
      expect(told(line), args.join(' ')).toEqual(told(other));
    }
  });

  it.each(
    commands.flatMap((command) =>
      Object.entries(command.options ?? {}).flatMap(([name, option]) =>
        option.kind === 'text' && option.bare === true ? [[wordsOf(command), name, command] as const] : [],
      ),
    ),
  )('gt %s --%s may stand without a value, which is not the same as not at all', async (_, name, command) => {
    const args = [
      ...wordsOf(command).split(' '),
      ...placesOf(command).map((_place, index) => `some-${index}`),
    ];
    const texts = await Promise.all(
      [[], [`--${name}`], [`--${name}`, '--json'], [`--${name}=`], [`--${name}`, '20']].map(async (more) => {
        const line = plainLine([...args, ...more]) ?? (await understand([...args, ...more]));
        return typeof line === 'string' ? null : line.given.text(name);
      }),
    );
    expect(texts).toEqual([undefined, '', '', '', '20']);
  });

  it.each(doubtful.map((args) => [args.join(' '), args]))('is not this one: gt %s', (_, args) => {
    expect(plainLine(args)).toBeNull();
  });
});
