import type { Held, MessageState } from '../../model/message.ts';
import { protocolOf } from '../../model/message.ts';
import type { WorkItem } from '../../model/work-item.ts';
import type { Contents } from '../contents.ts';
import type { Answer } from '../port.ts';
import { filesAgents } from './agents.ts';
import { makeDir, moveFile, replaceFile } from './disk.ts';
import { mailboxes } from './entries.ts';
import { locate, outcomeFile } from './locate.ts';
import type { Means } from './means.ts';
import { messageText, settlementText } from './message-file.ts';
import { spellMessage, spellWork } from './names.ts';
import { openFiles } from './open.ts';
import { boxOf, type Place, placeOf } from './place.ts';
import { answer } from './trouble.ts';
import { workText } from './work-file.ts';
import { openName } from './work-read.ts';

/** Everything the files store of a town holds. */
export async function readFiles(root: string, now: () => number): Promise<Answer<Contents>> {
  const store = openFiles(root, { now });
  const mail: Held[] = [];
  for (const mailbox of mailboxes(placeOf(root))) {
    const waiting = await store.mail.inbox(mailbox);
    if (!waiting.known) return waiting;
    const others = await store.mail.history(mailbox, Number.POSITIVE_INFINITY);
    if (!others.known) return others;
    const is: MessageState = { is: 'waiting' };
    mail.push(
      ...waiting.value.items.map((message) => ({ mailbox, message, state: is })),
      ...others.value.items,
    );
  }
  const agents = await store.agents.list();
  if (!agents.known) return agents;
  const work = await store.work.list();
  if (!work.known) return work;
  return { known: true, value: { mail, agents: agents.value.items, work: work.value.items } };
}

/** Ids of other stores may have dots in them, which have a meaning in names of files. */
export function filesId(id: string): string {
  return id.replaceAll('.', '_').slice(0, 64);
}

/**
 * Puts everything in, with its own ids, dates and states. What is there already under the same id, from a move that was cut
 * short, becomes what is put in.
 */
export async function importFiles(
  root: string,
  contents: Contents,
  now: () => number,
): Promise<Answer<null>> {
  const means: Means = { place: placeOf(root), now, random: Math.random };
  const mailAndWork = await answer('the files store could not be filled', () => {
    for (const held of contents.mail) importMessage(means.place, held);
    for (const item of contents.work) importWork(means.place, item);
    return null;
  });
  if (!mailAndWork.known) return mailAndWork;
  for (const record of contents.agents) {
    const put = await filesAgents(means).put(record);
    if (!put.known) return put;
  }
  return { known: true, value: null };
}

function importMessage(place: Place, { mailbox, message, state }: Held): void {
  const id = filesId(message.id);
  const before = locate(place, id);
  const box = boxOf(place, mailbox);
  const stage = state.is === 'waiting' ? 'new' : state.is === 'claimed' ? 'claimed' : 'done';
  for (const dir of [box.tmp, box.new, box[stage]]) makeDir(dir);
  const protocol = protocolOf(message.subject);
  const claim =
    state.is === 'claimed' ? { by: state.by, at: state.at === null ? 0 : Date.parse(state.at) } : null;
  if (state.is === 'settled' && state.settlement !== null) {
    const { at, ...settlement } = state.settlement;
    const text = settlementText(settlement, at ?? '');
    replaceFile(outcomeFile(place, mailbox, id), `${box.tmp}/${id}.outcome`, text);
  }
  const text = messageText(message, id, message.at ?? '', message.thread);
  const path = `${box[stage]}/${spellMessage({ id, protocol, claim })}`;
  // Moved first, so that it never lies in two places.
  if (before !== null && before.path !== path) moveFile(before.path, path);
  replaceFile(path, `${box.tmp}/${id}.json`, text);
}

function importWork(place: Place, item: WorkItem): void {
  const id = filesId(item.id);
  if (item.state.is === 'closed') return;
  const before = openName(place, id);
  makeDir(place.openWork);
  const { state } = item;
  const hook =
    state.is === 'hooked'
      ? { agent: state.agent, since: state.since === null ? 0 : Date.parse(state.since) }
      : null;
  const text = workText(item, id, item.created ?? '');
  const path = `${place.openWork}/${spellWork({ id, hook })}`;
  if (before !== null) moveFile(`${place.openWork}/${spellWork(before)}`, path);
  replaceFile(path, `${place.openWork}/.${id}`, text);
}
