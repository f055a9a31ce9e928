import type { Held, MessageState } from '../../model/message.ts';
import type { WorkItem } from '../../model/work-item.ts';
import { addressOf } from '../../town/mailbox.ts';
import type { Margin } from './margin.ts';
import { writeMargin } from './margin.ts';
import { marginFor, messageLabels, priorities, titleFor } from './message-issue.ts';
import { reasonText } from './reason.ts';
import { assigneeOf } from './work-issue.ts';

/** One message as a line of JSONL that `bd import` takes (spec/agents.md §7.3). */
export function exportedMessage(
  { mailbox, message, state }: Held,
  id: string,
  now: string,
  types: boolean,
): object {
  const claim = state.is === 'claimed' ? { claim: { by: state.by, at: state.at ?? now } } : {};
  const margin: Margin = { ...marginFor(message, mailbox), ...claim };
  const notes = writeMargin('', margin);
  return {
    id,
    title: titleFor(message.subject),
    description: message.body,
    ...(notes === '' ? {} : { notes }),
    priority: priorities.indexOf(message.priority),
    issue_type: types ? 'message' : 'task',
    assignee: addressOf(mailbox),
    created_at: message.at ?? now,
    created_by: message.from,
    updated_at: now,
    labels: [...messageLabels(message, message.thread, types)].sort(),
    ...statusOf(state, now),
  };
}

function statusOf(state: MessageState, now: string): object {
  switch (state.is) {
    case 'waiting':
      return { status: 'open' };
    case 'claimed':
      return { status: 'in_progress' };
    case 'settled': {
      const { settlement } = state;
      const reason =
        settlement === null
          ? {}
          : {
              close_reason: reasonText({
                outcome: settlement.outcome,
                by: settlement.by,
                reason: settlement.reason,
              }),
            };
      return { status: 'closed', closed_at: settlement?.at || now, ...reason };
    }
  }
}

export function exportedWork(item: WorkItem, id: string, now: string): object {
  const { state } = item;
  const title = titleFor(item.title);
  const notes = title === item.title ? {} : { notes: writeMargin('', { subject: item.title }) };
  return {
    id,
    title,
    description: item.description,
    ...notes,
    priority: item.priority,
    issue_type: 'task',
    created_at: item.created ?? now,
    created_by: item.by,
    updated_at: now,
    ...(state.is === 'hooked' ? { status: 'hooked', assignee: assigneeOf(state.agent) } : { status: 'open' }),
  };
}
