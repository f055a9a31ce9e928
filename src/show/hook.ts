import type { Agent } from '../model/agent.ts';
import type { WorkItem } from '../model/work-item.ts';
import { oneLine, printable } from './printable.ts';

/** `gt hook status` for people and agents (spec/agents.md §3.3). It begins with an empty line, as upstream's does. */
export function hookStatusText(agent: Agent, items: readonly WorkItem[]): string {
  const head = ['', `🪝 Hook Status: ${agent.id}`, `Role: ${agent.role}`, ''];
  if (items.length === 0) {
    return [
      ...head,
      'Nothing on hook - no work slung',
      '',
      'Next: Check inbox for work assignments: gt mail inbox',
      '',
    ].join('\n');
  }
  return [
    ...head,
    '🚀 AUTONOMOUS MODE - Work on hook triggers immediate execution',
    '',
    ...items.flatMap((item) => [
      `🪝 Hooked: ${item.id}: ${oneLine(item.title)}`,
      ...descriptionLines(item.description),
    ]),
    'No molecule attached (hooked bead still triggers autonomous work)',
    'Next: begin it now; when it is finished: gt done',
    '',
  ].join('\n');
}

function descriptionLines(description: string): readonly string[] {
  const text = printable(description).trim();
  return text === '' ? [] : ['', ...text.split('\n').map((line) => `  ${line}`), ''];
}

/** `gt hook status --json`: upstream's keys; `hooked` lists everything that hangs there. */
export function hookStatusDocument(agent: Agent, items: readonly WorkItem[]): object {
  const [first] = items;
  return {
    target: agent.id,
    role: agent.role,
    has_work: first !== undefined,
    ...(first === undefined ? {} : { pinned_bead: workDocument(first) }),
    is_wisp: first?.description.includes('wisp: true') ?? false,
    next_action:
      first === undefined
        ? 'Check inbox for work assignments: gt mail inbox'
        : 'Begin it now; when it is finished: gt done',
    hooked: items.map(workDocument),
  };
}

/** `gt hook show`: one line. */
export function hookLine(agent: Agent, items: readonly WorkItem[]): string {
  const [first] = items;
  return first === undefined
    ? `${agent.id}: (empty)\n`
    : `${agent.id}: ${first.id} '${oneLine(first.title)}' [${first.state.is}]\n`;
}

export function hookShown(agent: Agent, items: readonly WorkItem[]): object {
  const [first] = items;
  return first === undefined
    ? { agent: agent.id, status: 'empty' }
    : { agent: agent.id, bead_id: first.id, title: first.title, status: first.state.is };
}

/** A piece of work with the keys of upstream's store (spec/agents.md §7.3). */
export function workDocument(item: WorkItem): object {
  const { id, title, description, by, priority, created, state } = item;
  return {
    id,
    title,
    description,
    status: state.is,
    priority,
    issue_type: 'task',
    ...(state.is === 'hooked' ? { assignee: state.agent, hooked_at: state.since } : {}),
    created_at: created,
    created_by: by,
    ...(state.is === 'closed'
      ? { closed_at: state.at, closed_by: state.by, close_reason: state.reason }
      : {}),
  };
}
