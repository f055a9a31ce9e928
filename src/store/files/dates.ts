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
