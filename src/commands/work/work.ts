import { exitStatus, Failure } from '../../exit.ts';
import type { WorkItem } from '../../model/work-item.ts';
import { workDocument } from '../../show/hook.ts';
import { jsonText } from '../../show/json.ts';
import { oneLine, printable } from '../../show/printable.ts';
import { table } from '../../show/table.ts';
import { momentText } from '../../show/time.ts';
import type { Context } from '../context.ts';
import { valueIn } from '../mail/desk.ts';
import { create, itemNamed } from './find-work.ts';
import { noSuchWork, openWork, workDesk } from './work-desk.ts';

interface Asked {
  readonly town?: string | undefined;
  readonly json?: boolean | undefined;
}

/** `gt work list`: what is not closed, oldest first. */
export async function workListCommand({ town, json = false }: Asked, context: Context): Promise<number> {
  const items = await openWork(workDesk(town, context, { reading: true }), context);
  if (json) context.stdout(jsonText({ schema: 'gt.work.list/1', work: items.map(workDocument) }));
  else if (items.length === 0)
    context.stdout('No open work. To write some down: gt work add "WHAT IS TO BE DONE"\n');
  else
    context.stdout(
      table(items.map(row))
        .map((line) => `${line}\n`)
        .join(''),
    );
  return exitStatus.done;
}

function row({ id, title, state, priority }: WorkItem): readonly string[] {
  const where = state.is === 'hooked' ? `🪝 ${state.agent}` : '○ open';
  return [id, where, `P${priority}`, oneLine(title, 100)];
}

/** `gt work add TITLE`: writes a piece of work down; it is nobody's yet. */
export async function workAddCommand(
  options: Asked & {
    readonly title: string;
    readonly description?: string | undefined;
    readonly priority?: string | undefined;
  },
  context: Context,
): Promise<number> {
  const { town, title, description = '', priority, json = false } = options;
  if (title.trim() === '')
    throw new Failure('usage', exitStatus.usage, 'The title is empty.', 'gt work add --help');
  const item = await create(title, description, workDesk(town, context), priorityOf(priority));
  if (json) context.stdout(jsonText({ schema: 'gt.work.add/1', ...workDocument(item) }));
  else
    context.stdout(`✓ ${item.id}: ${oneLine(title)}\n  To give it to somebody: gt sling ${item.id} AGENT\n`);
  return exitStatus.done;
}

function priorityOf(given: string | undefined): WorkItem['priority'] {
  const found = ([0, 1, 2, 3, 4] as const).find((one) => `${one}` === (given ?? '2').replace(/^[Pp]/, ''));
  if (found !== undefined) return found;
  throw new Failure('usage', exitStatus.usage, 'A priority is 0 (most urgent) to 4.', 'gt work add --help');
}

/** `gt work show ID`: one piece with its text, closed ones too. */
export async function workShowCommand(
  { town, id, json = false }: Asked & { readonly id: string },
  context: Context,
): Promise<number> {
  const item = await itemNamed(id, workDesk(town, context, { reading: true }), context);
  if (json) context.stdout(jsonText({ schema: 'gt.work.show/1', ...workDocument(item) }));
  else context.stdout(itemText(item, context.now()));
  return exitStatus.done;
}

function itemText(item: WorkItem, now: Date): string {
  const when = (at: string | null, before = '') =>
    at === null ? '' : `${before}${momentText(new Date(at), now)}`;
  const { id, title, description, by, created, priority, state } = item;
  const where =
    state.is === 'hooked'
      ? `on the hook of ${state.agent}${when(state.since, ', ')}`
      : state.is === 'closed'
        ? `closed${when(state.at, ' ')}${state.by === null ? '' : ` by ${oneLine(state.by)}`}${state.reason === null ? '' : `: ${oneLine(state.reason)}`}`
        : 'open';
  const head = [
    `${id}: ${oneLine(title)}`,
    `  ${where}, P${priority}, written down by ${oneLine(by)}${when(created, ', ')}`,
  ];
  const text = printable(description).trim();
  return `${[...head, ...(text === '' ? [] : ['', text])].join('\n')}\n`;
}

/** `gt work close ID…`: ends work, on a hook or not; closing it twice is harmless. */
export async function workCloseCommand(
  options: Asked & { readonly ids: readonly string[]; readonly reason?: string | undefined },
  context: Context,
): Promise<number> {
  const { town, ids, reason, json = false } = options;
  const desk = workDesk(town, context);
  const items: WorkItem[] = [];
  for (const id of ids) {
    const item = await itemNamed(id, desk, context);
    const changed = valueIn(await desk.store.work.close(item.id, desk.sender, reason ?? null));
    if (changed.kind === 'missing') throw noSuchWork(id);
    items.push(changed.item);
    if (!json) context.stdout(`✓ ${item.id} is closed${changed.kind === 'conflict' ? ' already' : ''}\n`);
  }
  if (json) context.stdout(jsonText({ schema: 'gt.work.close/1', work: items.map(workDocument) }));
  return exitStatus.done;
}
