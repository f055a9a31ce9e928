import { dateOrNull } from '../files/dates.ts';

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

/**
 * Null: no issue, whatever else it may be. By hand: a listing holds thousands, and a heartbeat reads all of them; a form
 * checked by a library costs six times as much (test/bench).
 */
export function parseIssue(value: unknown): Issue | null {
  if (!isRecord(value)) return null;
  const { id, title, status, issue_type: type = 'task', labels } = value;
  if (typeof id !== 'string' || typeof title !== 'string' || typeof status !== 'string') return null;
  if (typeof type !== 'string' || !isAbsent(value.pinned, 'boolean')) return null;
  if (labels !== undefined && labels !== null && !isTexts(labels)) return null;
  if (!texts.every((name) => isAbsent(value[name], 'string'))) return null;
  return {
    id,
    title,
    description: textOf(value.description),
    notes: textOf(value.notes),
    status,
    priority: priorityOf(value.priority),
    type,
    assignee: textOf(value.assignee),
    created: dateOf(value.created_at),
    createdBy: textOf(value.created_by),
    updated: dateOf(value.updated_at),
    closed: dateOf(value.closed_at),
    closeReason: textOf(value.close_reason),
    labels: labels ?? [],
    agentState: textOf(value.agent_state),
    lastActivity: dateOf(value.last_activity),
    pinned: value.pinned === true,
  };
}

/** Fields that are texts where they are there at all. One that is something else is another form than we know. */
const texts = [
  'description',
  'notes',
  'assignee',
  'created_at',
  'created_by',
  'updated_at',
  'closed_at',
  'close_reason',
  'agent_state',
  'last_activity',
] as const;

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isAbsent(value: unknown, type: 'string' | 'boolean'): boolean {
  return value === undefined || value === null || typeof value === type;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function dateOf(value: unknown): string | null {
  return typeof value === 'string' ? dateOrNull(value) : null;
}

function priorityOf(value: unknown): Issue['priority'] {
  return value === 0 || value === 1 || value === 2 || value === 3 || value === 4 ? value : 2;
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

/** By age, an answer behind its question, then by id; what has no date is the oldest. The 1.x line dates by the second. */
export function compareAge(one: Issue, other: Issue): number {
  const [first, second] = [one.created ?? '', other.created ?? ''];
  // Written alike, which nearly all are, the texts sort as the times do.
  const alike = first.length === second.length && first.endsWith('Z') && second.endsWith('Z');
  const difference = alike ? 0 : timeOf(one.created) - timeOf(other.created);
  if (difference !== 0) return difference;
  if (first !== second) return first < second ? -1 : 1;
  if (labelled(other, 'reply-to:') === one.id) return -1;
  if (labelled(one, 'reply-to:') === other.id) return 1;
  return one.id < other.id ? -1 : one.id > other.id ? 1 : 0;
}

/** Milliseconds since 1970; what has no date is older than all that have one. */
export function timeOf(date: string | null): number {
  return date === null ? 0 : Date.parse(date);
}

/** The rest of the first label that begins so; null when there is none. */
export function labelled({ labels }: Issue, start: string): string | null {
  return labels.find((label) => label.startsWith(start))?.slice(start.length) ?? null;
}
