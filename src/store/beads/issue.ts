import * as v from 'valibot';
import { dateOrNull } from '../files/dates.ts';

const text = v.optional(v.nullable(v.string()), '');

const raw = v.object({
  id: v.string(),
  title: v.string(),
  description: text,
  notes: text,
  status: v.string(),
  priority: v.fallback(v.picklist([0, 1, 2, 3, 4]), 2),
  issue_type: v.optional(v.string(), 'task'),
  assignee: text,
  created_at: text,
  created_by: text,
  updated_at: text,
  closed_at: text,
  close_reason: text,
  labels: v.optional(v.nullable(v.array(v.string())), []),
  agent_state: text,
  hook_bead: text,
  last_activity: text,
  pinned: v.optional(v.nullable(v.boolean()), false),
});

/** One issue as `bd` prints it (spec/agents.md §7.3): absent texts are empty, unreadable dates null. */
export interface Issue {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly notes: string;
  /** `open`, `hooked`, `in_progress`, `closed` … */
  readonly status: string;
  readonly priority: 0 | 1 | 2 | 3 | 4;
  readonly type: string;
  readonly assignee: string;
  readonly created: string | null;
  readonly createdBy: string;
  readonly updated: string | null;
  readonly closed: string | null;
  readonly closeReason: string;
  readonly labels: readonly string[];
  /** The column `agent_state`, which only `bd show` prints. */
  readonly agentState: string;
  readonly lastActivity: string | null;
  readonly pinned: boolean;
}

/** Null: no issue, whatever else it may be. */
export function parseIssue(value: unknown): Issue | null {
  const parsed = v.safeParse(raw, value);
  if (!parsed.success) return null;
  const { output } = parsed;
  return {
    id: output.id,
    title: output.title,
    description: output.description ?? '',
    notes: output.notes ?? '',
    status: output.status,
    priority: output.priority,
    type: output.issue_type,
    assignee: output.assignee ?? '',
    created: dateOrNull(output.created_at || null),
    createdBy: output.created_by ?? '',
    updated: dateOrNull(output.updated_at || null),
    closed: dateOrNull(output.closed_at || null),
    closeReason: output.close_reason ?? '',
    labels: output.labels ?? [],
    agentState: output.agent_state ?? '',
    lastActivity: dateOrNull(output.last_activity || null),
    pinned: output.pinned ?? false,
  };
}

/** An issue's kind, in the seed era's form (its type) and the later one (a label `gt:<kind>` on a task). */
export function isKind({ type, labels }: Issue, kind: 'message' | 'agent'): boolean {
  return type === kind || labels.includes(`gt:${kind}`);
}

/** Types that stand for something else than work somebody could be given. */
const notWork = ['message', 'agent', 'role', 'rig', 'event', 'gate', 'slot', 'convoy', 'merge-request'];

export function isWork(issue: Issue): boolean {
  return (
    !notWork.includes(issue.type) &&
    !issue.labels.some((label) => /^gt:(message|agent|role|rig|dog|slot|convoy|queue|group)$/.test(label))
  );
}

/** By age, then by id; what has no date is the oldest. */
export function compareAge(one: Issue, other: Issue): number {
  const difference = timeOf(one.created) - timeOf(other.created);
  if (difference !== 0) return difference;
  const [first, second] = [one.created ?? '', other.created ?? ''];
  if (first !== second) return first < second ? -1 : 1;
  return one.id < other.id ? -1 : one.id > other.id ? 1 : 0;
}

function timeOf(date: string | null): number {
  return date === null ? 0 : Date.parse(date);
}

/** The rest of the first label that begins so; null when there is none. */
export function labelled({ labels }: Issue, start: string): string | null {
  return labels.find((label) => label.startsWith(start))?.slice(start.length) ?? null;
}
