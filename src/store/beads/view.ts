import * as v from 'valibot';
import type { AgentRecord } from '../../model/agent-record.ts';
import { type Held, type Mailbox, type Message, protocolOf } from '../../model/message.ts';
import type { WorkItem } from '../../model/work-item.ts';
import { recordsOf } from './agents.ts';
import { compareAge, type Issue, isKind, isWork } from './issue.ts';
import { heldOf, isClaimed, isWaiting, mailboxesOf, messageOf } from './message-issue.ts';
import { workOf } from './work-issue.ts';

/** What a pass keeps of one store's listing, and what may stand in for the next one if that store falls silent. */
export interface View {
  readonly waiting: Readonly<Record<Mailbox, number>>;
  readonly agents: readonly AgentRecord[];
  readonly hooked: readonly WorkItem[];
}

/** Requests are carried out only when they were seen in this very pass, hence never remembered; nor is what is for people. */
export interface Requests {
  readonly subjects: Readonly<Record<Mailbox, string>>;
  readonly protocol: readonly Message[];
  readonly claimed: readonly Held[];
}

/** `mail`: whether this store holds the town's mail; a rig's never does (spec/agents.md §2.1). */
export function viewOf(issues: readonly Issue[], mail: boolean): View & Requests {
  const sorted = [...issues].sort(compareAge);
  const messages = mail ? sorted.filter((issue) => isKind(issue, 'message')) : [];
  const waiting: Record<Mailbox, number> = {};
  const subjects: Record<Mailbox, string> = {};
  const protocol: Message[] = [];
  for (const issue of messages) {
    if (!isWaiting(issue)) continue;
    const boxes = mailboxesOf(issue);
    for (const mailbox of boxes) {
      waiting[mailbox] = (waiting[mailbox] ?? 0) + 1;
      subjects[mailbox] = issue.title;
    }
    if (!boxes.includes('deacon')) continue;
    const message = messageOf(issue);
    if (protocolOf(message.subject) !== 'mail') protocol.push(message);
  }
  const hooked = sorted.filter((issue) => issue.status === 'hooked' && isWork(issue));
  return {
    waiting,
    subjects,
    protocol,
    claimed: messages.filter(isClaimed).map(heldOf),
    agents: recordsOf(sorted.filter((issue) => isKind(issue, 'agent'))),
    hooked: hooked
      .map((issue) => workOf({ ...issue, description: '' }))
      .filter(({ state }) => state.is === 'hooked'),
  };
}

const textOrNull = v.nullable(v.string());

/** The form in which a view is kept on disk. */
const viewForm = v.object({
  waiting: v.record(v.string(), v.number()),
  agents: v.array(
    v.object({
      agent: v.string(),
      state: textOrNull,
      notifications: textOrNull,
      cleanup: textOrNull,
      updated: textOrNull,
    }),
  ),
  hooked: v.array(
    v.object({
      id: v.string(),
      title: v.string(),
      description: v.string(),
      by: v.string(),
      priority: v.picklist([0, 1, 2, 3, 4]),
      created: textOrNull,
      state: v.object({ is: v.literal('hooked'), agent: v.string(), since: textOrNull }),
    }),
  ),
});

export function parseView(value: unknown): View | null {
  const parsed = v.safeParse(viewForm, value);
  return parsed.success ? parsed.output : null;
}
