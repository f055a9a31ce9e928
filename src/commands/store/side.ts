import type { StoreKind } from '../../model/config.ts';
import type { Contents, IdOf, Retired } from '../../store/contents.ts';
import { openStore } from '../../store/open.ts';
import type { Answer } from '../../store/port.ts';
import type { Layout } from '../../town/layout.ts';
import type { Context } from '../context.ts';
import { valueIn } from '../mail/desk.ts';

export type Kind = Exclude<StoreKind, 'auto'>;

/** One side of a move. */
export interface Side {
  readonly kind: Kind;
  /** Whether there is anything on the disk that could be read. */
  readonly exists: () => boolean;
  readonly read: () => Promise<Answer<Contents>>;
  readonly fill: (contents: Contents) => Promise<Answer<null>>;
  readonly idOf: IdOf;
  /** Whether work of this id is or was here, closed or not. */
  readonly knowsWork: (id: string) => Promise<boolean>;
  /** What of this was left behind by a move that was cut short: closed mail and work of projects belong where they are. */
  readonly leftIn: (contents: Contents) => boolean;
  /** Puts what was moved, and nothing else, out of the way. */
  readonly retire: (moved: Contents) => Promise<Retired>;
}

/** The town's store of this kind, whichever is in use. */
export async function sideOf(
  kind: Kind,
  at: Layout,
  path: readonly string[],
  context: Context,
): Promise<Side> {
  const now = () => context.now().getTime();
  const { env } = context;
  const { work } = openStore(at.root, now, { env, path, asked: kind });
  const knowsWork = async (id: string) => valueIn(await work.get(id)) !== null;
  if (kind === 'files') {
    const files = await import('../../store/files/contents.ts');
    const { retireFiles } = await import('../../store/files/retire.ts');
    const stamp = context.now().toISOString().replaceAll(/[:.]/g, '');
    return {
      kind,
      exists: () => true,
      read: () => files.readFiles(at.root, now),
      fill: (contents) => files.importFiles(at.root, contents, now),
      idOf: files.filesId,
      knowsWork,
      leftIn: ({ mail, agents, work: open }) => mail.length + agents.length + open.length > 0,
      retire: async (moved) => retireFiles(at.root, stamp, moved),
    };
  }
  const { beadsOf } = await import('../../store/beads/open.ts');
  const { beadsBelow } = await import('../../store/beads/stores.ts');
  const contents = await import('../../store/beads/contents.ts');
  const beads = beadsOf(at.root, { env, path, now });
  const { initStore } = await import('../../store/beads/init.ts');
  return {
    kind,
    exists: () => beadsBelow(at.root) !== null,
    read: () => contents.readBeads(beads),
    fill: async (all) => {
      const made = await initStore(beads);
      return made.known ? contents.importBeads(beads, all) : made;
    },
    idOf: contents.translator(beads),
    knowsWork,
    leftIn: ({ mail }) => mail.some(({ state }) => state.is !== 'settled'),
    retire: async (moved) => valueIn(await contents.retireBeads(beads, moved)),
  };
}
