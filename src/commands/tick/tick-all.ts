import { existsSync } from 'node:fs';
import { askGate } from '../../due.ts';
import { exitStatus, Failure } from '../../exit.ts';
import { knownTownsFile, readKnownTowns, unreadableTowns } from '../../town/known-towns.ts';
import { type Context, processContext } from '../context.ts';

export interface TickAllOptions {
  readonly force: boolean;
  readonly dryRun: boolean;
  readonly json: boolean;
  /** A town or an agent named besides, which is a contradiction. */
  readonly one?: string | undefined;
}

/** How a listed town stands before anything of it is loaded. */
export interface TownStanding {
  readonly root: string;
  readonly is: 'missing' | 'due' | 'not-due';
  /** Milliseconds since 1970: when the next heartbeat is due; null: now, or nobody knows. */
  readonly dueAt: number | null;
  /** It was listed as missing before. */
  readonly known: boolean;
}

/** What schedulers call: `gt tick --all` without anything else. */
export function scheduledTickAll(): Promise<number> {
  return tickAllCommand({ force: false, dryRun: false, json: false }, processContext());
}

/**
 * `gt tick --all`: a tick for each town of this user. Each town's gate is asked first; when none is due, and nobody
 * watches, nothing else is loaded. Exit status: the worst of all.
 */
export async function tickAllCommand(options: TickAllOptions, context: Context): Promise<number> {
  if (options.one !== undefined) throw contradiction(options.one);
  const towns = standings(options, context);
  const changed = towns.some(({ is, known }) => (is === 'missing') !== known);
  const quiet = !options.json && !context.isTerminal && !changed;
  if (quiet && towns.every(({ is }) => is === 'not-due')) return exitStatus.done;
  const { tickTowns } = await import('./tick-towns.ts');
  return tickTowns(towns, options, context);
}

function contradiction(one: string): Failure {
  return new Failure(
    'usage',
    exitStatus.usage,
    `--all is for every town and every agent; ${one} is one.`,
    'gt tick --all',
  );
}

function standings({ force, dryRun }: TickAllOptions, { env, now }: Context): readonly TownStanding[] {
  const file = knownTownsFile(env);
  const read = file === null ? null : readKnownTowns(file);
  if (read === null || file === null || read.kind === 'absent') {
    const where = file === null ? 'there is no home directory to keep the list in' : `${file} does not exist`;
    throw new Failure(
      'no-towns',
      exitStatus.config,
      `No town is listed for this user: ${where}.`,
      'gt install DIR',
    );
  }
  if (read.kind === 'unreadable') throw unreadableTowns(file, read.reason);
  // A false clock, which test towns have, is each town's own business.
  const asked = force || dryRun || env.GT_CLOCK !== undefined;
  return read.towns.map(({ root, missingSince }) => {
    const known = missingSince !== null;
    if (!existsSync(`${root}/mayor/town.json`)) return { root, is: 'missing', dueAt: null, known };
    if (asked) return { root, is: 'due', dueAt: null, known };
    const { due, at } = askGate(root, now().getTime());
    return { root, is: due ? 'due' : 'not-due', dueAt: at, known };
  });
}
