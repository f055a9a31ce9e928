import type {
  Draft,
  Held,
  Mailbox,
  Message,
  MessageState,
  Priority,
  Settlement,
} from '../../model/message.ts';
import { addressOf, mailboxOf } from '../../town/mailbox.ts';
import { type Issue, labelled } from './issue.ts';
import { labelList, withoutNul } from './label-list.ts';
import { type Margin, readMargin, writeMargin } from './margin.ts';
import { readReason } from './reason.ts';

/** Message ↔ issue (spec/agents.md §2.5): assignee = mailbox, title = subject, description = body, the rest labels. */

export const priorities: readonly Priority[] = ['urgent', 'high', 'normal', 'low'];

/** A title longer than this many bytes is refused by `bd` (500); the subject is then whole in the margin only. */
const longestTitle = 480;

/** The arguments of `bd create` for one copy of a message; the body goes to its standard input. */
export function creation(draft: Draft, mailbox: Mailbox, thread: string, types: boolean): readonly string[] {
  const notes = writeMargin('', marginFor(draft, mailbox));
  return [
    'create',
    `--title=${titleFor(draft.subject)}`,
    `--type=${types ? 'message' : 'task'}`,
    `--assignee=${withoutNul(addressOf(mailbox))}`,
    `--priority=${priorities.indexOf(draft.priority)}`,
    `--labels=${labelList(messageLabels(draft, thread, types))}`,
    ...(notes === '' ? [] : [`--notes=${notes}`]),
    `--actor=${withoutNul(draft.from)}`,
    '--body-file=-',
  ];
}

export function messageLabels(draft: Draft, thread: string, types: boolean): readonly string[] {
  return [
    ...(types ? [] : ['gt:message']),
    `from:${draft.from}`,
    ...(thread === '' ? [] : [`thread:${thread}`]),
    ...(draft.replyTo === null ? [] : [`reply-to:${draft.replyTo}`]),
    ...(draft.type === 'notification' ? [] : [`msg-type:${draft.type}`]),
    ...(draft.pinned ? ['gt:pinned'] : []),
  ];
}

/** What title and labels cannot carry. */
export function marginFor(draft: Draft, mailbox: Mailbox): Margin {
  return {
    ...(titleFor(draft.subject) === draft.subject ? {} : { subject: draft.subject }),
    ...(draft.from.includes('\0') ? { from: draft.from } : {}),
    ...(draft.to === mailbox ? {} : { to: draft.to }),
    ...(draft.cc.length === 0 ? {} : { cc: draft.cc }),
  };
}

/** A subject as a title that `bd` takes. */
export function titleFor(subject: string): string {
  const plain = withoutNul(subject);
  const short = Buffer.byteLength(plain) <= longestTitle ? plain : cut(plain);
  return short.trim() === '' ? '(no subject)' : short;
}

function cut(text: string): string {
  let kept = '';
  let bytes = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > longestTitle - 3) break;
    kept += character;
  }
  return `${kept}…`;
}

export function messageOf(issue: Issue): Message {
  const margin = readMargin(issue.notes);
  const from = margin.from ?? labelled(issue, 'from:') ?? issue.createdBy;
  return {
    id: issue.id,
    from,
    to: margin.to ?? mailboxOfIssue(issue),
    cc: margin.cc ?? copiesOf(issue),
    subject: margin.subject ?? issue.title,
    body: issue.description,
    at: issue.created,
    priority: priorities[issue.priority] ?? 'normal',
    type: typeOf(issue),
    pinned: issue.pinned || issue.labels.includes('gt:pinned'),
    thread: labelled(issue, 'thread:') ?? '',
    replyTo: labelled(issue, 'reply-to:'),
  };
}

/** The mailbox of the assignee, in whatever spelling. */
function mailboxOfIssue({ assignee }: Issue): Mailbox {
  return mailboxOf(assignee) ?? assignee;
}

/** Mailboxes that see this issue as their own: the assignee's, and those upstream put in copy by a label. */
export function mailboxesOf(issue: Issue): readonly Mailbox[] {
  return [...new Set([mailboxOfIssue(issue), ...copiesOf(issue)])];
}

function copiesOf(issue: Issue): readonly Mailbox[] {
  return issue.labels
    .filter((label) => label.startsWith('cc:'))
    .map((label) => mailboxOf(label.slice(3)) ?? label.slice(3));
}

function typeOf(issue: Issue): Message['type'] {
  const type = labelled(issue, 'msg-type:');
  return type === 'task' || type === 'scavenge' || type === 'reply' ? type : 'notification';
}

/** Waiting is open or hooked, and not marked read by a later `gt` (spec/agents.md §2.5, §2.6). */
export function isWaiting({ status, labels }: Issue): boolean {
  return (status === 'open' || status === 'hooked') && !labels.includes('read');
}

/** Claimed by a pass of ours, which says so in the margin. */
export function isClaimed({ status, notes }: Issue): boolean {
  return status === 'in_progress' && readMargin(notes).claim !== undefined;
}

export function stateOf(issue: Issue): MessageState {
  if (issue.status === 'closed' || issue.status === 'tombstone')
    return { is: 'settled', settlement: settlementOf(issue) };
  if (issue.labels.includes('read')) return { is: 'settled', settlement: null };
  if (issue.status !== 'in_progress') return { is: 'waiting' };
  const { claim } = readMargin(issue.notes);
  return claim === undefined
    ? { is: 'claimed', by: issue.assignee, at: issue.updated }
    : { is: 'claimed', by: claim.by, at: claim.at };
}

export function settlementOf(issue: Issue): (Settlement & { readonly at: string | null }) | null {
  return { ...readReason(issue.closeReason), at: issue.closed };
}

export function heldOf(issue: Issue): Held {
  return { mailbox: mailboxOfIssue(issue), message: messageOf(issue), state: stateOf(issue) };
}
