import * as v from 'valibot';
import type { Settlement } from '../../model/message.ts';
import { parseJson } from '../../persist/parse-json.ts';
import { withoutNul } from './label-list.ts';

/**
 * A settlement as a reason for closing that people can read: `executed by PASS: it was cycled`. One that would not read
 * back the same is written as JSON.
 */
export function reasonText(settlement: Settlement): string {
  const { outcome, by, reason } = settlement;
  const text = withoutNul(`${outcome} by ${by}${reason === null ? '' : `: ${reason}`}`);
  const back = readReason(text);
  const same = back.outcome === outcome && back.by === by && back.reason === reason;
  return same ? text : JSON.stringify({ outcome, by, reason });
}

const form = v.object({ outcome: v.string(), by: v.string(), reason: v.nullable(v.string()) });

/** What a reason says. One that is not ours was closed by somebody with `bd` itself. */
export function readReason(text: string): Settlement {
  const [, outcome, by, reason] = /^([a-z-]+) by (\S(?:.*?\S)??)(?:: ([\s\S]*))?$/.exec(text) ?? [];
  if (outcome !== undefined && by !== undefined) return { outcome, by, reason: reason ?? null };
  const parsed = text.startsWith('{') ? v.safeParse(form, parseJson(text)) : null;
  if (parsed?.success) return parsed.output;
  return { outcome: 'closed', by: '', reason: text === '' ? null : text };
}
