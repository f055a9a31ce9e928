import { isSameDay, isValid } from 'date-fns';

/** A length of time in words, rounded down to its largest fitting unit: `40 s`, `12 min`, `3 h`, `2 days`. */
export function lengthOf(milliseconds: number): string {
  const seconds = Math.floor(Math.abs(milliseconds) / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} days`;
}

/** A moment, relative and absolute in local time: `12 min ago, 14:03` · `in 5 min, 14:20` (design/contract.md §1). */
export function momentText(at: Date, now: Date): string {
  if (!isValid(at)) return 'at an unreadable time';
  const passed = now.getTime() - at.getTime();
  const length = lengthOf(passed);
  return `${passed >= 0 ? `${length} ago` : `in ${length}`}, ${clockText(at, now)}`;
}

/** The absolute part: the time alone for today, with the date for any other day. */
export function clockText(at: Date, now: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const time = `${two(at.getHours())}:${two(at.getMinutes())}`;
  return isSameDay(at, now)
    ? time
    : `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${time}`;
}

/** The one line of a tick that has nothing to do, for a person who watches. */
export function notDueText(at: Date | null, now: Date): string {
  return at === null ? 'Nothing is due.\n' : `Nothing is due. Next heartbeat ${momentText(at, now)}.\n`;
}
