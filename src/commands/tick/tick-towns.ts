import { availableParallelism } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { exitStatus } from '../../exit.ts';
import { fewAtOnce } from '../../few-at-once.ts';
import { jsonText } from '../../show/json.ts';
import { notDueText } from '../../show/time.ts';
import { knownTownsFile } from '../../town/known-towns.ts';
import { noteMissing } from '../../town/known-towns-edit.ts';
import { layout } from '../../town/layout.ts';
import type { Context } from '../context.ts';
import { notDueReport } from './not-due.ts';
import type { TickAllOptions, TownStanding } from './tick-all.ts';
import { type Ticked, tickApart, tickHere } from './tick-town.ts';

/** Statuses from harmless to worst; one that is not listed is a signal's or Node's own, and the worst of all. */
const severity: readonly number[] = [
  exitStatus.done,
  exitStatus.busy,
  exitStatus.timeUp,
  exitStatus.failed,
  exitStatus.unavailable,
  exitStatus.config,
  exitStatus.permission,
  exitStatus.cannotCreate,
  exitStatus.io,
  exitStatus.data,
  exitStatus.usage,
  exitStatus.bug,
];

/** The worst of these exit statuses; 0 of none. */
export function worst(statuses: readonly number[]): number {
  const rank = (status: number) => {
    const found = severity.indexOf(status);
    return found === -1 ? severity.length : found;
  };
  return statuses.reduce((so, status) => (rank(status) > rank(so) ? status : so), exitStatus.done);
}

/** Where between 0 and 1 a town stands in the order of all: by its path alone, so always at the same place. */
export function placeOf(root: string): number {
  let hash = 2_166_136_261;
  for (let index = 0; index < root.length; index += 1) {
    hash = Math.imul(hash ^ root.charCodeAt(index), 16_777_619);
  }
  // Paths that differ in their last letter alone are to be far apart too.
  hash = Math.imul(hash ^ (hash >>> 16), 2_246_822_507);
  hash = Math.imul(hash ^ (hash >>> 13), 3_266_489_909);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/** Starts of several towns' passes are spread over half a second for each of them, twenty at most. */
const spreadMs = 500;
const longestSpreadMs = 20_000;

/** Runs the passes that are due and tells of every town. Returns the worst exit status. */
export async function tickTowns(
  towns: readonly TownStanding[],
  options: TickAllOptions,
  context: Context,
): Promise<number> {
  const due = towns.filter(({ is }) => is === 'due').map(({ root }) => root);
  const ticked = await passes(due, options, context);
  const missing = towns.filter(({ is }) => is === 'missing');
  if (!options.dryRun) await noteThem(towns, context);
  const exit = worst([
    ...[...ticked.values()].map((one) => one.exit),
    ...missing.map(() => exitStatus.config),
  ]);
  if (options.json) {
    context.stdout(
      jsonText({
        schema: 'gt.tick-all/1',
        exit,
        towns: towns.map((town) => documentOf(town, ticked, context.now().getTime())),
      }),
    );
    return exit;
  }
  for (const town of towns) tell(town, ticked.get(town.root), options, context);
  return exit;
}

/**
 * One pass alone runs here. Several run as programs of their own, since a pass may hang, be out of memory, or end its
 * process when its time is up: then the others must not notice. Each has its own deadline.
 */
async function passes(
  due: readonly string[],
  options: TickAllOptions,
  context: Context,
): Promise<ReadonlyMap<string, Ticked>> {
  const [only, ...more] = due;
  if (only === undefined) return new Map();
  if (more.length === 0) return new Map([[only, await tickHere(only, options, context)]]);
  const ticked = new Map<string, Ticked>();
  const begun = performance.now();
  const spread = Math.min(longestSpreadMs, spreadMs * due.length);
  const waiting = due
    .map((root) => ({ root, at: placeOf(root) * spread }))
    .sort((one, other) => one.at - other.at);
  // Passes mostly wait for tmux and the disk; one more than there are cores, so that a hanging one holds up nobody.
  await fewAtOnce(waiting, Math.max(4, availableParallelism() + 1), async ({ root, at }) => {
    await pause(Math.max(0, at - (performance.now() - begun)));
    ticked.set(root, await tickApart(root, options, context));
  });
  return ticked;
}

/** The list is there for people and for the next run; that it could not be changed changes nothing here. */
async function noteThem(towns: readonly TownStanding[], context: Context): Promise<void> {
  if (!towns.some(({ is, known }) => (is === 'missing') !== known)) return;
  const file = knownTownsFile(context.env);
  const missing = towns.filter(({ is }) => is === 'missing').map(({ root }) => root);
  const editing = { since: context.now().toISOString(), command: 'gt tick --all' };
  try {
    if (file !== null) await noteMissing(file, missing, editing);
  } catch (error) {
    context.stderr(`gt: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}

function documentOf(
  { root, is, dueAt }: TownStanding,
  ticked: ReadonlyMap<string, Ticked>,
  now: number,
): object {
  if (is === 'missing')
    return { town: root, exit: exitStatus.config, report: null, error: missingError(root) };
  const done = ticked.get(root);
  if (done === undefined)
    return { town: root, exit: 0, report: notDueReport(layout(root), dueAt, now), error: null };
  return { town: root, exit: done.exit, report: done.report, error: done.error };
}

function missingError(root: string) {
  return {
    code: 'town-missing',
    message: `The town ${root} is listed and not there.`,
    hint: 'gt doctor --fix',
  };
}

function tell(
  { root, is, known, dueAt }: TownStanding,
  done: Ticked | undefined,
  { dryRun }: TickAllOptions,
  context: Context,
): void {
  if (is === 'missing') {
    if (!known || context.isTerminal)
      context.stderr(
        `gt: The town ${root} is listed and not there. It is passed over until it is back, or forgotten by gt doctor --fix in another town.\n`,
      );
    return;
  }
  if (done === undefined) {
    if (context.isTerminal)
      context.stdout(`${root}: ${notDueText(dueAt === null ? null : new Date(dueAt), context.now())}`);
    return;
  }
  context.stderr(done.stderr.replace(/^gt: /gm, `gt: ${root}: `));
  if (dryRun || done.stdout !== '') context.stdout(`${root}:\n${done.stdout}`);
  else if (context.isTerminal) context.stdout(`${root}: a pass, exit status ${done.exit}\n`);
}
