import * as v from 'valibot';
import type { WorkDraft, WorkItem } from '../../model/work-item.ts';
import { parseJson } from '../../persist/parse-json.ts';
import { dateOrNull } from './dates.ts';

const stored = v.object({
  v: v.literal(1),
  id: v.string(),
  title: v.string(),
  description: v.fallback(v.string(), ''),
  by: v.fallback(v.string(), ''),
  priority: v.fallback(v.picklist([0, 1, 2, 3, 4]), 2),
  created: v.fallback(v.nullable(v.string()), null),
});

/** One piece of work as JSON, without its state: that is in the file's name. */
export function workText(
  { title, description, by, priority }: WorkDraft,
  id: string,
  created: string,
): string {
  return JSON.stringify({ v: 1, id, title, by, priority, created, description });
}

/** Null: no work of ours, or that of another id. */
export function parseWork(text: string, id: string): Omit<WorkItem, 'state'> | null {
  const parsed = v.safeParse(stored, parseJson(text));
  if (!parsed.success || parsed.output.id !== id) return null;
  const { title, description, by, priority, created } = parsed.output;
  return { id, title, description, by, priority, created: dateOrNull(created) };
}
