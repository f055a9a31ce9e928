import { exitStatus, Failure } from '../exit.ts';
import type { StoreKind } from '../model/config.ts';
import { jsonText } from '../show/json.ts';
import { type Contents, type Counts, countsOf, missingFrom } from '../store/contents.ts';
import { storeAsked, storeKind } from '../store/kind.ts';
import type { Answer } from '../store/port.ts';
import { findTown } from '../town/find.ts';
import { type Layout, layout } from '../town/layout.ts';
import { loadRigs } from '../town/rigs.ts';
import { loadConfig } from '../town/settings.ts';
import { writeStore } from '../town/settings-edit.ts';
import { shellWord } from '../town/shell-word.ts';
import { type Context, searchPath } from './context.ts';
import { lockWithin } from './lock-within.ts';
import { valueIn } from './mail/desk.ts';
import { busy } from './tick.ts';

export interface MigrateOptions {
  readonly town?: string | undefined;
  readonly to: string | undefined;
  readonly dryRun: boolean;
  readonly json: boolean;
}

type Kind = Exclude<StoreKind, 'auto'>;

/** One side of a move. */
interface Side {
  readonly read: () => Promise<Answer<Contents>>;
  readonly fill: (contents: Contents) => Promise<Answer<null>>;
  readonly idOf: (id: string) => string;
  /** Puts what was moved out of the way; gives what became of it. */
  readonly retire: () => Promise<string>;
}

interface Report {
  readonly from: Kind;
  readonly to: Kind;
  readonly counts: Counts;
  readonly moved: boolean;
  readonly left: string | null;
}

/**
 * `gt store migrate --to KIND`: copies, reads the copy back, and only when nothing is missing switches the setting; what
 * came in meanwhile is copied after that. What was there is put aside, never deleted.
 */
export async function migrateCommand(options: MigrateOptions, context: Context): Promise<number> {
  const { town, dryRun } = options;
  const { env, cwd } = context;
  const at = layout(findTown({ town, env, cwd }));
  const rigs = loadRigs(at).rigs;
  const { config } = loadConfig(at, rigs.known ? rigs.value.map(({ name }) => name) : []);
  const from = storeKind(at.root, storeAsked(at.root));
  const to = kindAsked(options.to, at);
  if (from === to)
    throw new Failure('store-same', exitStatus.failed, `The town’s store is ${to} already.`, null);
  const path = [...searchPath(env), ...config.path];
  const source = await sideOf(from, at, path, context);
  if (dryRun) {
    const contents = valueIn(await source.read());
    return say({ from, to, counts: countsOf(contents), moved: false, left: null }, at, options, context);
  }
  const { lock } = await lockWithin(10_000, 'gt store migrate', at, context);
  if (lock.kind === 'busy') return busy(at.root, lock, { json: options.json }, context);
  try {
    const target = await sideOf(to, at, path, context);
    await copy(source, target, at);
    await writeStore(at, to, { at: context.now().toISOString(), command: 'gt store migrate' });
    // Whoever sent mail while we copied sent it to the store that was; from here on it is the other.
    const contents = await copy(source, target, at);
    const left = await source.retire();
    return say({ from, to, counts: countsOf(contents), moved: true, left }, at, options, context);
  } finally {
    lock.release();
  }
}

/** Copies everything and proves it by reading it back. */
async function copy(source: Side, target: Side, at: Layout): Promise<Contents> {
  const contents = valueIn(await source.read());
  valueIn(await target.fill(contents));
  const missing = missingFrom(contents, valueIn(await target.read()), target.idOf);
  if (missing.length === 0) return contents;
  const some = missing.slice(0, 5).join(', ');
  throw new Failure(
    'store-copy-differs',
    exitStatus.failed,
    `${missing.length} of what was copied did not read back the same (${some}). The store stays what it was; nothing was removed.`,
    `gt store migrate --dry-run --town ${shellWord(at.root)}`,
  );
}

async function sideOf(kind: Kind, at: Layout, path: readonly string[], context: Context): Promise<Side> {
  const now = () => context.now().getTime();
  const stamp = context.now().toISOString().replaceAll(/[:.]/g, '');
  if (kind === 'files') {
    const files = await import('../store/files/contents.ts');
    return {
      read: () => files.readFiles(at.root, now),
      fill: (contents) => files.importFiles(at.root, contents, now),
      idOf: files.filesId,
      retire: async () => files.retireFiles(at.root, stamp).join(', '),
    };
  }
  const { beadsOf } = await import('../store/beads/open.ts');
  const contents = await import('../store/beads/contents.ts');
  const beads = beadsOf(at.root, { env: context.env, path, now });
  const { initStore } = await import('../store/beads/init.ts');
  return {
    read: () => contents.readBeads(beads),
    fill: async (all) => {
      const made = await initStore(beads);
      return made.known ? contents.importBeads(beads, all) : made;
    },
    idOf: contents.translator(beads),
    retire: async () =>
      `${valueIn(await contents.retireBeads(beads))} messages closed as moved; work left as it is`,
  };
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
  const { from, to, counts, moved, left } = report;
  if (json) {
    context.stdout(jsonText({ schema: 'gt.store-migrate/1', town: at.root, ...report }));
    return exitStatus.done;
  }
  const what = `${counts.mail} messages, ${counts.agents} records, ${counts.work} open pieces of work`;
  const lines = moved
    ? [
        `Moved from ${from} to ${to}, read back and compared: ${what}.`,
        ...(left ? [`Left behind: ${left}.`] : []),
      ]
    : [`Would move from ${from} to ${to}: ${what}. Nothing was changed.`];
  context.stdout(`${lines.join('\n')}\n`);
  return exitStatus.done;
}
