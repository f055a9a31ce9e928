import { exitStatus, Failure } from '../../exit.ts';
import type { WorkItem } from '../../model/work-item.ts';
import { oneLine } from '../../show/printable.ts';
import { nearest } from '../../town/nearest.ts';
import type { Context } from '../context.ts';
import { valueIn } from '../mail/desk.ts';
import { isMadeOf, readLine } from './hooked-item.ts';
import { noSuchWork, openWork, type WorkDesk } from './work-desk.ts';

/** Work that is there, or that is to be written down once it is known to find its place; `message`: the mail it is made of. */
export type MeantWork = { readonly message?: string } & (
  | { readonly kind: 'item'; readonly item: WorkItem }
  | { readonly kind: 'new'; readonly title: string; readonly description: string }
);

/**
 * The work that is meant: an item by its id or the beginning of it, a message by its id (work is made of it), or words,
 * of which work is made. A single word is never work: it is refused (exit 1), since a slip must not become work; of
 * `verbs` too the nearest is named. Writes nothing.
 */
export async function workMeant(
  given: string,
  desk: WorkDesk,
  context: Context,
  verbs: readonly string[] = [],
): Promise<MeantWork> {
  const text = given.trim();
  if (text === '')
    throw new Failure(
      'usage',
      exitStatus.usage,
      'Which work? Its id, or what is to be done.',
      'gt work list',
    );
  if (/\s/.test(text)) return { kind: 'new', title: text, description: '' };
  const item = await itemById(text, desk, context);
  if (item !== null) return { kind: 'item', item };
  const told = await workOfMessage(text, desk, context);
  if (told !== null) return told;
  const how = ' New work has more than one word, or is written down with gt work add.';
  throw await unknownWork(text, verbs, how, desk, context);
}

/** An item by its id or the beginning of it; exit 1, with the nearest, when there is none. */
export async function itemNamed(id: string, desk: WorkDesk, context: Context): Promise<WorkItem> {
  const item = await itemById(id, desk, context);
  if (item === null) throw await unknownWork(id, [], '', desk, context);
  return item;
}

/** An item by its id, or by a beginning of it that only one open item has. */
async function itemById(id: string, desk: WorkDesk, context: Context): Promise<WorkItem | null> {
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

/** Mail can hang on a hook: what it says becomes work, once, and the message stays where it is. */
async function workOfMessage(id: string, desk: WorkDesk, context: Context): Promise<MeantWork | null> {
  const found = valueIn(await desk.store.mail.find(id));
  if (found.kind !== 'found') return null;
  const { message } = found.held;
  const before = (await openWork(desk, context)).find((item) => isMadeOf(item, message.id));
  if (before !== undefined) return { kind: 'item', item: before, message: message.id };
  const head = [`From: ${oneLine(message.from)}`, `${readLine}${message.id}`, ''];
  const description = [...head, message.body].join('\n');
  return { kind: 'new', title: message.subject, description, message: message.id };
}

async function unknownWork(
  given: string,
  verbs: readonly string[],
  how: string,
  desk: WorkDesk,
  context: Context,
): Promise<Failure> {
  const ids = (await openWork(desk, context)).map(({ id }) => id);
  const meant = nearest(given, [...verbs, ...ids]);
  const question = meant === null ? '' : ` Did you mean ${meant}?`;
  return noSuchWork(given, `${question}${how}`);
}
