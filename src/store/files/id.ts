/**
 * A new id: `prefix-`, eight characters of time, eight of chance, all `0-9a-z`. Ids sort by the time they were made and
 * do not collide across processes and hosts (2.8 × 10¹² possibilities each millisecond).
 *
 * @param random returns numbers from 0 up to, not including, 1
 */
export function newId(prefix: string, now: number, random: () => number): string {
  return `${prefix}-${base36(Math.max(0, Math.floor(now)), 8)}${base36(Math.floor(random() * 36 ** 8), 8)}`;
}

function base36(value: number, width: number): string {
  return value.toString(36).padStart(width, '0').slice(-width);
}
