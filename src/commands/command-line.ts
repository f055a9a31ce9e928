import type { Command, Given } from './command.ts';

/** What is wrong with a command line. */
export class Misuse extends Error {}

/**
 * The last of a repeated option counts. Words after `--` are arguments whatever they begin with: they are the ones still
 * missing, in their order; what is left over belongs to an argument that takes many, or is too much.
 */
export function givenBy(values: Readonly<Record<string, unknown>>, command: Command): Given {
  const rest = [values._].flat().map(String).slice(wordsOf(command).split(' ').length);
  const found = new Map(
    Object.entries(values).map(([name, value]) => [
      name,
      [value].flat().filter((one): one is string => typeof one === 'string'),
    ]),
  );
  for (const { name, many, needed } of placesOf(command)) {
    const there = found.get(name) ?? [];
    if (many) found.set(name, [...there, ...rest.splice(0)]);
    else if (there.length === 0) found.set(name, rest.splice(0, 1));
    if (needed && found.get(name)?.length === 0) throw new Misuse(missing(command));
  }
  const [over] = rest;
  if (over !== undefined) throw new Misuse(`There is an argument too many: ${over}.`);
  return {
    flag: (name) => [values[name]].flat().at(-1) === true,
    text: (name) => found.get(name)?.at(-1),
    texts: (name) => found.get(name) ?? [],
  };
}

/** What to say when an argument that has to be given is not. */
export function missing({ usage }: Command): string {
  return `An argument is missing: gt ${usage}`;
}

interface Place {
  readonly name: string;
  readonly many: boolean;
  readonly needed: boolean;
}

/** A command's arguments in their order. */
export function placesOf({ usage }: Command): readonly Place[] {
  return usage
    .split(' ')
    .filter((word) => /^[<[]/.test(word))
    .map((word) => ({
      name: word.replaceAll(/[<>[\].]/g, ''),
      many: word.includes('..'),
      needed: word.startsWith('<'),
    }));
}

/** The first word of a command that belongs to a group; null for one that stands alone. */
export function groupOf(command: Command): string | null {
  const [first = '', second = ''] = command.usage.split(' ');
  return /^[a-z]/.test(second) ? first : null;
}

/** A command without its arguments: `rig add`. */
export function wordsOf(command: Command): string {
  return command.usage
    .split(' ')
    .filter((word) => /^[a-z]/.test(word))
    .join(' ');
}
