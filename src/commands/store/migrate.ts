import { exitStatus, Failure } from '../../exit.ts';
import { counted } from '../../model/counted.ts';
import { jsonText } from '../../show/json.ts';
import {
  absentFrom,
  type Contents,
  type Counts,
  countsOf,
  idsOf,
  missingFrom,
} from '../../store/contents.ts';
import { storeAsked, storeKind } from '../../store/kind.ts';
import { findTown } from '../../town/find.ts';
import { type Layout, layout } from '../../town/layout.ts';
import { loadRigs } from '../../town/rigs.ts';
import { loadConfig } from '../../town/settings.ts';
import { writeStore } from '../../town/settings-edit.ts';
import { shellWord } from '../../town/shell-word.ts';
import { type Context, searchPath } from '../context.ts';
import { valueIn } from '../mail/desk.ts';
import { lockWithin } from '../tick/lock-within.ts';
import { busy } from '../tick/tick.ts';
import { type Kind, type Side, sideOf } from './side.ts';

export interface MigrateOptions {
  readonly town?: string | undefined;
  readonly to: string | undefined;
  readonly dryRun: boolean;
  readonly json: boolean;
}

interface Report {
  readonly from: Kind;
  readonly to: Kind;
  readonly counts: Counts;
  readonly moved: boolean;
  readonly left: string | null;
  /** Ids or files that stay in the store that was, because they came in after the copy was made or could not be read. */
  readonly stay: readonly string[];
}

/**
 * `gt store migrate --to KIND`: copies, reads the copy back, and only when nothing is missing switches the setting; what
 * came in meanwhile is added after that. What was there is put aside, never deleted. A move that was cut short after the
 * switch is finished by asking for it again.
 */
export async function migrateCommand(options: MigrateOptions, context: Context): Promise<number> {
  const { town, dryRun } = options;
  const { env, cwd } = context;
  const at = layout(findTown({ town, env, cwd }));
  const rigs = loadRigs(at).rigs;
  const { config } = loadConfig(at, rigs.known ? rigs.value.map(({ name }) => name) : []);
  const path = [...searchPath(env), ...config.path];
  const to = kindAsked(options.to, at);
  const from: Kind = to === 'files' ? 'beads' : 'files';
  const inUse = storeKind(at.root, storeAsked(at.root)) === to;
  const source = await sideOf(from, at, path, context);
  if (inUse) await refuseWithNothingLeft(source, to, at);
  if (dryRun) {
    const counts = countsOf(valueIn(await source.read()));
    return say({ from, to, counts, moved: false, left: null, stay: [] }, at, options, context);
  }
  const { lock } = await lockWithin(10_000, 'gt store migrate', at, context);
  if (lock.kind === 'busy') return busy(at.root, lock, { json: options.json }, context);
  try {
    const target = await sideOf(to, at, path, context);
    if (!inUse) {
      await copy(source, target, at);
      await writeStore(at, to, { at: context.now().toISOString(), command: 'gt store migrate' });
    }
    // Whoever sent mail while we copied sent it to the store that was; from here on it is the other.
    const contents = await addMissing(source, target, at);
    const { text, stay } = await source.retire(contents);
    return say({ from, to, counts: countsOf(contents), moved: true, left: text, stay }, at, options, context);
  } finally {
    lock.release();
  }
}

/** The store asked for is in use: there is something to do only where a move was cut short. */
async function refuseWithNothingLeft(source: Side, to: Kind, { root }: Layout): Promise<void> {
  const refuse = (more: string, next = 'config show'): never => {
    const message = `The town’s store is ${to} already${more}.`;
    throw new Failure('store-same', exitStatus.failed, message, `gt ${next} --town ${shellWord(root)}`);
  };
  if (!source.exists()) return refuse('');
  const read = await source.read();
  if (!read.known)
    return refuse(`; whether anything is left in the ${source.kind} is unknown: ${read.reason}`, 'doctor');
  if (!source.leftIn(read.value)) refuse(', and nothing is left to move');
}

/** Copies everything into a store that is not in use and proves it by reading it back. */
async function copy(source: Side, target: Side, at: Layout): Promise<void> {
  const contents = valueIn(await source.read());
  valueIn(await target.fill(contents));
  const missing = missingFrom(contents, valueIn(await target.read()), target.idOf);
  if (missing.length === 0) return;
  throw new Failure(
    'store-copy-differs',
    exitStatus.failed,
    `${missing.length} of what was copied did not read back the same (${some(missing)}). The store stays ${source.kind}; nothing was removed.`,
    `gt store migrate --to ${target.kind} --dry-run --town ${shellWord(at.root)}`,
  );
}

/**
 * Adds to the store in use what it has not. What it has may have been read, claimed or closed since, so it is left as it is.
 * Gives everything that is now in both.
 */
async function addMissing(source: Side, target: Side, at: Layout): Promise<Contents> {
  const contents = valueIn(await source.read());
  const absent = absentFrom(contents, valueIn(await target.read()), target.idOf);
  const work = [];
  for (const item of absent.work)
    if (!(await target.knowsWork(target.idOf(item.id, 'work')))) work.push(item);
  const wanted = { ...absent, work };
  const names = idsOf(wanted);
  if (names.length === 0) return contents;
  valueIn(await target.fill(wanted));
  const missing = idsOf(absentFrom(wanted, valueIn(await target.read()), target.idOf));
  if (missing.length === 0) return contents;
  throw new Failure(
    'store-copy-differs',
    exitStatus.failed,
    `The town’s store is ${target.kind} now, and ${missing.length} of what came into the ${source.kind} meanwhile could not be added to it (${some(missing)}). It is in the ${source.kind} still; nothing was removed.`,
    `gt store migrate --to ${target.kind} --town ${shellWord(at.root)}`,
  );
}

function some(ids: readonly string[]): string {
  return `${ids.slice(0, 5).join(', ')}${ids.length > 5 ? ' …' : ''}`;
}

function kindAsked(to: string | undefined, at: Layout): Kind {
  if (to === 'files' || to === 'beads') return to;
  throw new Failure(
    'usage',
    exitStatus.usage,
    `--to is files or beads, not ${JSON.stringify(to ?? '')}.`,
    `gt store migrate --to beads --dry-run --town ${shellWord(at.root)}`,
  );
}

function say(report: Report, at: Layout, { json }: MigrateOptions, context: Context): number {
  const { from, to, counts, moved, left, stay } = report;
  if (json) {
    context.stdout(jsonText({ schema: 'gt.store-migrate/1', town: at.root, ...report }));
    return exitStatus.done;
  }
  const what = `${counted(counts.mail, 'message')}, ${counted(counts.agents, 'record')}, ${counted(counts.work, 'open piece')} of work`;
  const lines = moved
    ? [
        `Moved from ${from} to ${to}, read back and compared: ${what}.`,
        ...(left ? [`Left behind: ${left}.`] : []),
        ...(stay.length === 0
          ? []
          : [
              `Not moved and still in the ${from}: ${some(stay)}. To move what came in meanwhile: gt store migrate --to ${to} --town ${shellWord(at.root)}`,
            ]),
      ]
    : [`Would move from ${from} to ${to}: ${what}. Nothing was changed.`];
  context.stdout(`${lines.join('\n')}\n`);
  return exitStatus.done;
}
