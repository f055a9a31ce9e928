import * as v from 'valibot';
import type { Draft, Message, Settlement } from '../../model/message.ts';
import { parseJson } from '../../persist/parse-json.ts';
import { dateOrNull } from './dates.ts';

/** Reads and writes one message as JSON. The body stands last: `gt mail check --inject` reads only what is before it. */
export function messageText(draft: Draft, id: string, at: string, thread: string): string {
  const { from, to, cc, subject, body, priority, type, pinned, replyTo } = draft;
  return JSON.stringify({
    v: 1,
    id,
    from,
    to,
    cc,
    at,
    priority,
    type,
    pinned,
    thread,
    reply_to: replyTo,
    subject,
    body,
  });
}

const stored = v.object({
  v: v.literal(1),
  id: v.string(),
  from: v.string(),
  to: v.string(),
  cc: v.fallback(v.array(v.string()), []),
  at: v.fallback(v.nullable(v.string()), null),
  priority: v.fallback(v.picklist(['urgent', 'high', 'normal', 'low']), 'normal'),
  type: v.fallback(v.picklist(['task', 'scavenge', 'notification', 'reply']), 'notification'),
  pinned: v.fallback(v.boolean(), false),
  thread: v.fallback(v.string(), ''),
  reply_to: v.fallback(v.nullable(v.string()), null),
  subject: v.string(),
  body: v.string(),
});

/**
 * The message in a file; null when it is none. The file's name decides the id. A date that is no RFC 3339 instant is
 * no date.
 */
export function parseMessage(text: string, id: string): Message | null {
  const parsed = v.safeParse(stored, parseJson(text));
  if (!parsed.success || parsed.output.id !== id) return null;
  const { from, to, cc, subject, body, priority, type, pinned, thread, reply_to: replyTo } = parsed.output;
  return {
    id,
    from,
    to,
    cc,
    subject,
    body,
    at: dateOrNull(parsed.output.at),
    priority,
    type,
    pinned,
    thread,
    replyTo,
  };
}

const storedSettlement = v.object({
  outcome: v.string(),
  by: v.string(),
  reason: v.fallback(v.nullable(v.string()), null),
  at: v.fallback(v.nullable(v.string()), null),
});

export function settlementText(settlement: Settlement, at: string): string {
  return JSON.stringify({ ...settlement, at });
}

/** Null when the text says nothing usable. */
export function parseSettlement(text: string): (Settlement & { readonly at: string | null }) | null {
  const parsed = v.safeParse(storedSettlement, parseJson(text));
  return parsed.success ? parsed.output : null;
}
