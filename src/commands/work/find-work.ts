import { exitStatus, Failure } from '../../exit.ts';
import type { WorkItem } from '../../model/work-item.ts';
import { oneLine } from '../../show/printable.ts';
import type { Context } from '../context.ts';
import { valueIn } from '../mail/desk.ts';
import { noSuchWork, openWork, type WorkDesk } from './work-desk.ts';

/** What {@link findWork} found; `isNew`: it was written down just now. */
export interface FoundWork {
  readonly item: WorkItem;
  readonly isNew: boolean;
}

/**
 * The work that is meant: an item by its id or the beginning of it, a message by its id (work is made of it), or words,
 * which become a new item. A single word that looks like an id and is none is refused,
 * with `idsOnly` every single word: a slip must not become work.
 */
export async function findWork(
  given: string,
  desk: WorkDesk,
  context: Context,
  { idsOnly = false }: { readonly idsOnly?: boolean } = {},
): Promise<FoundWork> {
  const text = given.trim();
  if (text === '')
    throw new Failure(
      'usage',
      exitStatus.usage,
      'Which work? Its id, or what is to be done.',
      'gt work list',
    );
  if (!/\s/.test(text)) {
    const item = await itemById(text, desk, context);
    if (item !== null) return { item, isNew: false };
    const made = await workOfMessage(text, desk);
    if (made !== null) return { item: made, isNew: true };
    if (idsOnly || /[-\d]/.test(text)) throw noSuchWork(text);
  }
  return { item: await create(text, '', desk), isNew: true };
}

/** An item by its id, or by a beginning of it that only one open item has. */
export async function itemById(id: string, desk: WorkDesk, context: Context): Promise<WorkItem | null> {
  const exact = valueIn(await desk.store.work.get(id));
  if (exact !== null || id.length < 4) return exact;
  const begun = (await openWork(desk, context)).filter((item) => item.id.startsWith(id));
  if (begun.length > 1) {
    const ids = begun.map((item) => item.id).join(' or ');
    throw new Failure('work-ambiguous', exitStatus.failed, `${id} may be ${ids}.`, 'gt work list');
  }
  return begun[0] ?? null;
}

/** Writes down a new piece of work. */
export async function create(
  title: string,
  description: string,
  { store, sender }: WorkDesk,
  priority: WorkItem['priority'] = 2,
): Promise<WorkItem> {
  return valueIn(await store.work.create({ title, description, by: sender, priority }));
}

/** Mail can hang on a hook: what it says becomes work, and the message stays where it is. */
async function workOfMessage(id: string, desk: WorkDesk): Promise<WorkItem | null> {
  const found = valueIn(await desk.store.mail.find(id));
  if (found.kind !== 'found') return null;
  const { message } = found.held;
  const head = [`From: ${oneLine(message.from)}`, `Run: gt mail read ${message.id}`, ''];
  return await create(message.subject, [...head, message.body].join('\n'), desk);
}
