import type { AgentId } from '../../model/agent.ts';
import type { WorkItem, WorkState } from '../../model/work-item.ts';
import type { Issue } from './issue.ts';
import { withoutNul } from './label-list.ts';
import { readMargin } from './margin.ts';

export function workOf(issue: Issue): WorkItem {
  return {
    id: issue.id,
    title: readMargin(issue.notes).subject ?? issue.title,
    description: issue.description,
    by: issue.createdBy,
    priority: issue.priority,
    created: issue.created,
    state: stateOf(issue),
  };
}

function stateOf(issue: Issue): WorkState {
  if (issue.status === 'closed' || issue.status === 'tombstone')
    return { is: 'closed', ...readClosing(issue.closeReason), at: issue.closed };
  if (issue.status === 'hooked' && issue.assignee !== '')
    return { is: 'hooked', agent: agentOf(issue.assignee), since: issue.updated };
  return { is: 'open' };
}

/** The agent an assignee means: upstream writes town agents with a trailing slash. */
function agentOf(assignee: string): AgentId {
  return assignee.replace(/\/$/, '');
}

export function assigneeOf(agent: AgentId): string {
  return agent === 'mayor' || agent === 'deacon' ? `${agent}/` : agent;
}

/** Who closed a piece of work stands behind the reason: `bd` has no column for it. */
export function closingText(by: string, reason: string | null): string {
  return withoutNul(`${reason ?? 'Closed'} (by ${by})`);
}

function readClosing(text: string): { readonly by: string | null; readonly reason: string | null } {
  const [, reason, by] = /^([\s\S]*) \(by ([^()]+)\)$/.exec(text) ?? [];
  if (by === undefined) return { by: null, reason: text === '' ? null : text };
  return { by, reason: reason === undefined || reason === 'Closed' ? null : reason };
}
