import type { Message } from '../model/message.ts';
import { type Refusal, refused } from '../model/request.ts';

/** A request older than this is not carried out: its agent is another one by now (spec/tick.md §6.4). */
export const requestAgeLimitMs = 6 * 60 * 60 * 1000;

/** How far ahead of ours the clock of another host may run before its date is disbelieved. */
export const clockSkewMs = 2 * 60 * 1000;

/** Why a request's date keeps it from being carried out; null when it does not. `now`: milliseconds since 1970. */
export function refusedForAge({ at }: Pick<Message, 'at'>, now: number): Refusal | null {
  const sent = at === null ? Number.NaN : Date.parse(at);
  if (Number.isNaN(sent))
    return refused('undated', 'The request carries no readable date, so its age is unknown.');
  if (sent - now > clockSkewMs) return refused('from-the-future', 'The request is dated in the future.');
  if (now - sent > requestAgeLimitMs) return refused('too-old', 'The request is more than 6 hours old.');
  return null;
}
