import type { Ran } from '../../run.ts';
import type { Answer, Trouble } from '../port.ts';
import { callBd, type Program, troubleOf } from './program.ts';

/** What this `bd` can do, asked of the program itself. */
export interface Capabilities {
  readonly version: string;
  /** It has `--no-daemon`. */
  readonly noDaemon: boolean;
  /** Messages and agents are types of their own; else tasks with a label. */
  readonly types: boolean;
  /** One `show` answers any number of ids about as fast as one (0.x); later versions take long for each. */
  readonly showMany: boolean;
  /** It has `sync`, which the work of an agent is brought home with before it starts anew (spec/tick.md §6.7). */
  readonly sync: boolean;
  /** The longest body in bytes; null: any. Dolt's text columns hold no more. */
  readonly longestBody: number | null;
  /** Arguments of a listing besides `--json --limit 0`: what else it would leave out. */
  readonly listing: readonly string[];
}

/** Which versions were tried: the last of the SQLite line and the first Dolt line. */
const supported = '0.43 to 0.49 and 1.x (tried: 0.47.1 and 1.0.0)';

/** `bd version 0.47.1 (dev)` → `[0, 47, 1]`; null where there is no version in it. */
function parseVersion(text: string): readonly [number, number, number] | null {
  const found = /\bbd version v?(\d{1,4})\.(\d{1,4})\.(\d{1,4})/.exec(text);
  if (found === null) return null;
  return [Number(found[1]), Number(found[2]), Number(found[3])];
}

function isSupported([major, minor]: readonly [number, number, number]): boolean {
  return major === 1 || (major === 0 && minor >= 43 && minor <= 49);
}

/** Asks `bd` who it is and what it can do: once for each program file (design/failures.md F68). */
export async function probe(program: Program, store: string): Promise<Answer<Capabilities>> {
  const ask = (args: readonly string[]): Promise<Ran> => callBd(program, { store, args });
  const asked = await ask(['version']);
  if (!asked.ok) return missing(asked) ?? troubleOf(asked, 'beads cannot be used');
  const numbers = parseVersion(asked.stdout);
  const said = (asked.stdout.trim().split('\n')[0] ?? '').slice(0, 100);
  if (numbers === null) return refuse(`bd says ${JSON.stringify(said)}, which is no version`);
  const version = numbers.join('.');
  if (!isSupported(numbers)) return refuse(`bd is version ${version}`);
  const [help, list] = await Promise.all([ask(['--help']), ask(['list', '--help'])]);
  if (!help.ok || !list.ok) return troubleOf(help.ok ? list : help, 'beads cannot be used');
  if (!has(list, '--limit') || !has(list, '--json')) return refuse(`bd ${version} cannot list all it has`);
  return {
    known: true,
    value: {
      version,
      noDaemon: has(help, '--no-daemon'),
      types: numbers[0] === 0 && numbers[1] <= 48,
      showMany: numbers[0] === 0,
      longestBody: numbers[0] === 0 ? null : 65_535,
      sync: /^ {2}sync /m.test(help.stdout),
      listing: ['--flat', '--include-infra', '--include-gates'].filter((flag) => has(list, flag)),
    },
  };
}

function has({ stdout }: Ran, flag: string): boolean {
  return new RegExp(`(^|\\s)${flag}(\\s|$)`, 'm').test(stdout);
}

function missing({ failure }: Ran): Trouble | null {
  if (failure !== 'not-found') return null;
  return {
    known: false,
    reason:
      'this town keeps its store in beads, and no bd program was found on the search path (tick.path names more directories)',
    trouble: 'unavailable',
  };
}

function refuse(found: string): Trouble {
  return {
    known: false,
    reason: `beads cannot be used: ${found}; supported are ${supported}`,
    trouble: 'unavailable',
  };
}
