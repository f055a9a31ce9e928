import type { Draft, Held, Mailbox, Message } from '../../model/message.ts';
import { fault } from '../../persist/fault.ts';
import { destinationsOf, newThread } from '../files/deliver.ts';
import type { Answer, Delivered, Found, Listing, Mail } from '../port.ts';
import { type Beads, isId, list, type Opened, show, withBeads } from './beads.ts';
import { compareAge, type Issue, isKind } from './issue.ts';
import { labelList } from './label-list.ts';
import { claim, release, settleClaimed, settleWaiting } from './mail-change.ts';
import { creation, heldOf, isClaimed, isWaiting, mailboxesOf, messageOf, stateOf } from './message-issue.ts';
import { bad, callBd, globals, troubleOf } from './program.ts';

/**
 * Mail as issues of the town's own store (spec/agents.md §2.5): agents go on reading and writing it with `bd`. Each
 * mailbox gets an issue of its own, so that one reader's settling takes nothing from another.
 */
export function beadsMail(beads: Beads): Mail {
  return {
    send: (draft) => send(beads, draft),
    inbox: (mailbox) => inbox(beads, mailbox),
    count: async (mailbox) => {
      const listed = await inbox(beads, mailbox);
      return listed.known ? { known: true, value: listed.value.items.length } : listed;
    },
    find: (id) => find(beads, id),
    thread: (thread) =>
      chosen(beads, 'mail cannot be read', ['--all', `--label=${labelList([`thread:${thread}`])}`], {
        wanted: () => true,
        newestFirst: false,
      }),
    history: async (mailbox, limit) => {
      const listed = await chosen(beads, `the mailbox ${mailbox} cannot be read`, ['--all'], {
        wanted: (issue) => mailboxesOf(issue).includes(mailbox) && stateOf(issue).is !== 'waiting',
        newestFirst: true,
      });
      if (!listed.known) return listed;
      return { known: true, value: { items: listed.value.items.slice(0, limit), warnings: [] } };
    },
    settle: (id, settlement) => settleWaiting(beads, id, settlement),
    claim: (id, by) => claim(beads, id, by),
    settleClaimed: (id, settlement) => settleClaimed(beads, id, settlement),
    release: (id) => release(beads, id),
    claimed: () =>
      chosen(beads, 'mail cannot be read', ['--status=in_progress'], {
        wanted: isClaimed,
        newestFirst: false,
      }),
  };
}

/** More than this in one argument and the system may refuse to start the program. */
const longestArgument = 100_000;

function send(beads: Beads, draft: Draft): Promise<Answer<readonly Delivered[]>> {
  const what = `mail to ${draft.to} could not be delivered`;
  return withBeads(beads, what, async (opened) => {
    const thread = draft.thread ?? newThread(beads.random);
    const done: Delivered[] = [];
    for (const mailbox of destinationsOf(draft)) {
      const sent = await sendOne(beads, opened, draft, mailbox, thread, what);
      if (!sent.known) {
        if (done.length === 0) return sent;
        const before = done.map((one) => one.mailbox).join(', ');
        return { ...sent, reason: `${sent.reason} (delivered before that: ${before})` };
      }
      done.push({ mailbox, id: sent.value });
    }
    return { known: true, value: done };
  });
}

async function sendOne(
  { program }: Beads,
  { stores, can }: Opened,
  draft: Draft,
  mailbox: Mailbox,
  thread: string,
  what: string,
): Promise<Answer<string>> {
  const args = creation(draft, mailbox, thread, can.types);
  if (args.some((argument) => Buffer.byteLength(argument) > longestArgument))
    return { known: false, reason: `${what}: its subject is too long for bd`, trouble: 'refused' };
  if (can.longestBody !== null && Buffer.byteLength(draft.body) > can.longestBody) {
    const limit = `bd ${can.version} keeps no more than ${can.longestBody} bytes of text`;
    return { known: false, reason: `${what}: ${limit}`, trouble: 'refused' };
  }
  const call = { store: stores.town.path, args: [...globals(can), ...args, '--silent'], input: draft.body };
  const ran = await callBd(program, call);
  if (!ran.ok) return troubleOf(ran, what);
  fault('mail.delivered');
  const id = ran.stdout.trim().split('\n').at(-1) ?? '';
  return isId(id) ? { known: true, value: id } : bad(what, 'bd did not say what it is called');
}

function inbox(beads: Beads, mailbox: Mailbox): Promise<Answer<Listing<Message>>> {
  const what = `the mailbox ${mailbox} cannot be read`;
  return withBeads(beads, what, async (opened) => {
    const listed = await list(beads, opened, opened.stores.town.path, what);
    if (!listed.known) return listed;
    const items = listed.value
      .filter((issue) => isKind(issue, 'message') && isWaiting(issue) && mailboxesOf(issue).includes(mailbox))
      .sort((one, other) => compareAge(other, one))
      .map(messageOf);
    return { known: true, value: { items, warnings: [] } };
  });
}

function chosen(
  beads: Beads,
  what: string,
  filter: readonly string[],
  { wanted, newestFirst }: { wanted: (issue: Issue) => boolean; newestFirst: boolean },
): Promise<Answer<Listing<Held>>> {
  return withBeads(beads, what, async (opened) => {
    const listed = await list(beads, opened, opened.stores.town.path, what, filter);
    if (!listed.known) return listed;
    const items = listed.value
      .filter((issue) => isKind(issue, 'message') && issue.status !== 'tombstone' && wanted(issue))
      .sort(newestFirst ? (one, other) => compareAge(other, one) : compareAge)
      .map(heldOf);
    return { known: true, value: { items, warnings: [] } };
  });
}

/** `bd` takes any part of an id for it; here only its beginning counts, hence the listing when it is not whole. */
function find(beads: Beads, id: string): Promise<Answer<Found>> {
  if (!isId(id)) return Promise.resolve({ known: true, value: { kind: 'missing' } });
  const what = 'mail cannot be read';
  return withBeads(beads, what, async (opened): Promise<Answer<Found>> => {
    const store = opened.stores.town.path;
    const shown = await show(beads, opened, store, id, what);
    if (!shown.known) return shown;
    if (shown.value !== null) return { known: true, value: foundIn([shown.value]) };
    const listed = await list(beads, opened, store, what, ['--all']);
    if (!listed.known) return listed;
    return { known: true, value: foundIn(listed.value.filter((issue) => issue.id.startsWith(id))) };
  });
}

function foundIn(issues: readonly Issue[]): Found {
  const messages = issues.filter((issue) => isKind(issue, 'message') && issue.status !== 'tombstone');
  const [first, ...others] = messages;
  if (first === undefined) return { kind: 'missing' };
  return others.length > 0
    ? { kind: 'ambiguous', ids: messages.map((issue) => issue.id) }
    : { kind: 'found', held: heldOf(first) };
}
