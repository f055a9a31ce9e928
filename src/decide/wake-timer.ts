import { addDays, set } from 'date-fns';
import type { Message } from '../model/message.ts';

/** A timer mail, read: who is to be woken, and when (milliseconds since 1970). */
export type WakeTimer =
  | { readonly kind: 'timer'; readonly agent: string; readonly at: number }
  /** A timer that only the deacon can make sense of. */
  | { readonly kind: 'unreadable'; readonly why: string }
  | { readonly kind: 'not-a-timer' };

/**
 * Reads `TIMER: <identity> wake at <time>` (spec/agents.md §2.8). The time is RFC 3339; `HH:MM`, the first such time not
 * before the mail was sent, by the sender's clock where the mail's date has an offset, else by the clock here; or `in 20m`,
 * from when it was sent.
 */
export function parseTimer({ subject, at: sentAt }: Pick<Message, 'subject' | 'at'>): WakeTimer {
  if (!/^timer:/i.test(subject)) return { kind: 'not-a-timer' };
  const text = subject.slice(0, 500).trim();
  const [, agent, when] = /^timer:\s*(\S+)\s+wake\s+(?:at\s+)?(\S.*)$/is.exec(text) ?? [];
  if (agent === undefined || when === undefined)
    return unreadable('it is not "TIMER: <identity> wake at <time>"');
  if (rfc3339.test(when)) return timer(agent, Date.parse(when));
  const sent = sentAt === null ? Number.NaN : Date.parse(sentAt);
  const clock = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(when);
  const after = /^in\s+(.+)$/i.exec(when);
  if (clock === null && after === null) return unreadable('its time is neither RFC 3339, HH:MM nor "in 20m"');
  if (Number.isNaN(sent)) return unreadable('its time counts from when it was sent, and it carries no date');
  if (clock !== null) {
    const offset = offsetOf(sentAt);
    const [hours, minutes] = [Number(clock[1]), Number(clock[2])];
    return timer(
      agent,
      offset === null ? nextClockTime(sent, hours, minutes) : nextAbroad(sent, hours, minutes, offset),
    );
  }
  const span = spanOf(after?.[1] ?? '');
  return span === null
    ? unreadable('its time is not a span like "20m" or "1h 30m"')
    : timer(agent, sent + span);
}

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/i;

/** Further ahead than this nobody means it. */
const farthestMs = 366 * 24 * 60 * 60 * 1000;

function timer(agent: string, at: number): WakeTimer {
  return Number.isNaN(at) ? unreadable('there is no such time') : { kind: 'timer', agent, at };
}

function unreadable(why: string): WakeTimer {
  return { kind: 'unreadable', why };
}

function nextClockTime(sent: number, hours: number, minutes: number): number {
  const today = set(sent, { hours, minutes, seconds: 0, milliseconds: 0 });
  // The minute it was sent in still counts: "wake at 14:03", sent at 14:03:20, is now, not tomorrow.
  const next = today.getTime() + 60_000 <= sent ? addDays(today, 1) : today;
  return next.getTime();
}

/** How far a date's clock is ahead of UTC, milliseconds; null: `Z` says when, and nothing of anybody's clock. */
function offsetOf(date: string | null): number | null {
  const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)$/.exec(date ?? '') ?? [];
  if (sign === undefined) return null;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

const dayMs = 86_400_000;

function nextAbroad(sent: number, hours: number, minutes: number, offset: number): number {
  const midnight = Math.floor((sent + offset) / dayMs) * dayMs - offset;
  const today = midnight + (hours * 60 + minutes) * 60_000;
  return today + 60_000 <= sent ? today + dayMs : today;
}

/** `20m`, `1h 30m`, `90 minutes` in milliseconds; null for anything else, for nothing and for more than a year. */
function spanOf(text: string): number | null {
  const parts = [
    ...text.matchAll(
      /\s*(\d{1,6})\s*(days?|d|hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|s)(?=[\s\d]|$)/giy,
    ),
  ];
  if (parts.map(([part]) => part).join('') !== text) return null;
  const span = parts.reduce((sum, [, count, unit]) => sum + Number(count) * unitMs(unit), 0);
  return span > 0 && span <= farthestMs ? span : null;
}

function unitMs(unit: string | undefined): number {
  switch (unit?.charAt(0).toLowerCase()) {
    case 'd':
      return dayMs;
    case 'h':
      return 3_600_000;
    case 'm':
      return 60_000;
    default:
      return 1000;
  }
}
