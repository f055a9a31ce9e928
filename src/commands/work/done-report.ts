import type { Agent } from '../../model/agent.ts';
import type { Message } from '../../model/message.ts';
import type { WorkItem } from '../../model/work-item.ts';
import { valueIn } from '../mail/desk.ts';
import type { WorkDesk } from './work-desk.ts';

/** What a witness is told (spec/agents.md §2.8). */
export function bodyOfReport(
  ending: string,
  items: readonly WorkItem[],
  branch: string | null,
  message: string | undefined,
): string {
  const issue = items.map(({ id }) => id).join(', ');
  return [
    `Exit: ${ending}`,
    `Issue: ${issue === '' ? '-' : issue}`,
    `Branch: ${branch ?? '-'}`,
    ...(message === undefined ? [] : ['', message]),
  ].join('\n');
}

/** So many messages that the witness has dealt with are looked through. */
const recent = 200;

/**
 * The report that a `gt done` which was cut short has already sent of this ending; null: none. Older ones than the hook are
 * of an earlier turn with the same work. Where the date of the hook is unknown it is reported again rather than not at all.
 */
export async function alreadyReported(
  agent: Agent,
  witness: string,
  subject: string,
  ending: string,
  items: readonly WorkItem[],
  { store }: WorkDesk,
): Promise<string | null> {
  const since = await beganAt(agent, items, store);
  if (Number.isNaN(since)) return null;
  const waiting = valueIn(await store.mail.inbox(witness)).items;
  const others = valueIn(await store.mail.history(witness, recent)).items.map(({ message }) => message);
  const ids = items.map(({ id }) => id);
  const found = [...waiting, ...others].find(
    (message) =>
      message.from === agent.id &&
      message.subject === subject &&
      secondOf(message.at) >= since &&
      tells(message, ending, ids),
  );
  return found?.id ?? null;
}

/** When this turn began, seconds since 1970: not every store keeps more. */
async function beganAt(agent: Agent, items: readonly WorkItem[], store: WorkDesk['store']): Promise<number> {
  if (items.length > 0)
    return Math.max(...items.map(({ state }) => secondOf(state.is === 'hooked' ? state.since : null)));
  // An empty hook and a record that says it works: what was on it was closed a moment ago.
  const record = valueIn(await store.agents.get(agent.id));
  return record?.state === 'working' ? secondOf(record.updated) : Number.NaN;
}

function secondOf(at: string | null): number {
  return at === null ? Number.NaN : Math.floor(Date.parse(at) / 1000);
}

function tells({ body }: Message, ending: string, ids: readonly string[]): boolean {
  const [exit, issue = ''] = body.split('\n');
  const told = issue.replace(/^Issue: /, '').split(', ');
  return exit === `Exit: ${ending}` && ids.every((id) => told.includes(id));
}
