/** Nobody is limited for longer; what says so was misread. Milliseconds. */
const longestMs = 7 * 24 * 60 * 60_000;
/** A time of day that passed this recently was the end, not tomorrow's. */
const justPastMs = 2 * 60 * 60_000;

/**
 * When a usage limit ends by the words on the screen: `resets 5pm`, `resets at 17:30 (Europe/Berlin)`, `try again in 2h 5m`,
 * an RFC 3339 time. Null: it does not say, or not so that it can be believed (F31, F32). `now`: milliseconds since 1970.
 */
export function limitUntil(line: string, now: number): number | null {
  const believable = (at: number | null) => (at !== null && at > now && at - now <= longestMs ? at : null);
  const [stamp] = /\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)/.exec(line) ?? [];
  if (stamp !== undefined) return believable(Date.parse(stamp));
  const [, days, hours, minutes] =
    /\bin\s+(?:(\d{1,2})\s*d(?:ays?)?\b[,\s]*)?(?:(\d{1,3})\s*h(?:(?:ou)?rs?)?\b[,\s]*)?(?:(\d{1,4})\s*m(?:in(?:ute)?s?)?\b)?/i.exec(
      line,
    ) ?? [];
  if (days !== undefined || hours !== undefined || minutes !== undefined)
    return believable(
      now + ((Number(days ?? 0) * 24 + Number(hours ?? 0)) * 60 + Number(minutes ?? 0)) * 60_000,
    );
  const match =
    /\b(?:resets?|again|until|at)\s+(?:at\s+)?(\d{1,2})(?::(\d\d))?\s?([ap]m)?\b(?:\s*\(([A-Za-z0-9_+/-]{1,40})\))?/i.exec(
      line,
    );
  const [, hour, minute, half, zone] = match ?? [];
  if (hour === undefined || (minute === undefined && half === undefined)) return null;
  const clock = clockMinutes(Number(hour), Number(minute ?? 0), half?.toLowerCase());
  return clock === null ? null : believable(nextClockTime(clock, now, zone));
}

function clockMinutes(hour: number, minute: number, half: string | undefined): number | null {
  if (minute > 59 || hour > (half === undefined ? 23 : 12) || (half !== undefined && hour === 0)) return null;
  if (half === undefined) return hour * 60 + minute;
  return ((hour % 12) + (half === 'pm' ? 12 : 0)) * 60 + minute;
}

/** The next such time of day in that zone, over midnight and summer time; null when it has just passed, or there is no such zone. */
function nextClockTime(clock: number, now: number, zone: string | undefined): number | null {
  const offset = offsetAt(now, zone);
  if (offset === null) return null;
  const day = 86_400_000;
  const midnight = Math.floor((now + offset) / day) * day;
  const at = (days: number): number => {
    const local = midnight + days * day + clock * 60_000;
    const guess = local - offset;
    const spelled = local - (offsetAt(guess, zone) ?? offset);
    // An hour that summer time leaves out ends when the next begins.
    return offsetAt(spelled, zone) === offsetAt(guess, zone) ? spelled : Math.max(spelled, guess);
  };
  const today = at(0);
  if (today > now) return today;
  return now - today < justPastMs ? null : at(1);
}

/** Local time minus UTC in that zone at that moment, milliseconds; without a zone, this machine's. */
function offsetAt(at: number, zone: string | undefined): number | null {
  if (zone === undefined) return -new Date(at).getTimezoneOffset() * 60_000;
  if (/^(utc|gmt)$/i.test(zone)) return 0;
  try {
    const parts = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    }).formatToParts(at);
    const part = (type: string) => Number(parts.find((one) => one.type === type)?.value);
    const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'));
    return local - Math.floor(at / 60_000) * 60_000;
  } catch {
    return null;
  }
}
