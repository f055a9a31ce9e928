/** An RFC 3339 instant as given, anything else as null. */
export function dateOrNull(text: string | null): string | null {
  if (text === null) return null;
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/.test(text) &&
    !Number.isNaN(Date.parse(text))
    ? text
    : null;
}

/** Milliseconds since 1970 as RFC 3339; null when no date can be that far away. */
export function isoOrNull(at: number | undefined): string | null {
  return at === undefined || !(Math.abs(at) <= 8.64e15) ? null : new Date(at).toISOString();
}

/** The same with this process's own distance from UTC: `2026-11-21T14:00:00.000+01:00`. */
export function zonedIso(at: number): string {
  const ahead = -new Date(at).getTimezoneOffset();
  const two = (value: number) => `${Math.floor(value)}`.padStart(2, '0');
  const distance = Math.abs(ahead);
  const local = new Date(at + ahead * 60_000).toISOString().slice(0, -1);
  return `${local}${ahead < 0 ? '-' : '+'}${two(distance / 60)}:${two(distance % 60)}`;
}
