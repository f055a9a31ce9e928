import type { Context } from './context.ts';

/** An option of a command. `fallback` is what holds without it; `short` its letter. */
export type Option =
  | { readonly kind: 'flag'; readonly describe: string; readonly short?: string }
  | {
      readonly kind: 'text';
      readonly describe: string;
      readonly short?: string;
      readonly fallback?: string;
      readonly choices?: readonly string[];
      /** It may stand without a value; then its text is empty. */
      readonly bare?: true;
    };

/** One command: what `--help` shows of it, and the room it opens. Each loads its own module when it runs. */
export interface Command {
  /** The command's words and arguments: `rig add <name> [source]`. */
  readonly usage: string;
  readonly purpose: string;
  readonly aliases?: readonly string[];
  readonly options?: Readonly<Record<string, Option>>;
  readonly arguments?: Readonly<Record<string, string>>;
  /** Options that only upstream has, by name or letter: what to do here instead of giving them. */
  readonly upstreamOnly?: Readonly<Record<string, string>>;
  /** Command lines and what they do. */
  readonly examples: readonly (readonly [line: string, does: string])[];
  readonly run: (given: Given, context: Context) => Promise<number> | number;
}

/** What every command understands. */
export const everywhere: Readonly<Record<string, Option>> = {
  town: {
    kind: 'text',
    describe: 'The town to work in',
    fallback: 'GT_TOWN_ROOT, else GT_ROOT, else upwards from here',
  },
};

/** A command line that was understood. */
export interface Line {
  readonly command: Command;
  readonly given: Given;
}

/** What stood on the command line. */
export interface Given {
  readonly flag: (name: string) => boolean;
  readonly text: (name: string) => string | undefined;
  /** Every value of a repeated option or argument. */
  readonly texts: (name: string) => readonly string[];
}

export const flag = (describe: string, short?: string): Option => ({
  kind: 'flag',
  describe,
  ...(short === undefined ? {} : { short }),
});

export const text = (describe: string, fallback: string, short?: string): Option => ({
  kind: 'text',
  describe,
  fallback,
  ...(short === undefined ? {} : { short }),
});

export const json = flag('Print one JSON document');
