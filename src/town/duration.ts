const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
] as const;

const written = /^(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m(?!s))?(?:(\d{1,9})s)?(?:(\d{1,9})ms)?$/;

/** Reads `5m`, `90s`, `1h30m`, `250ms`: whole numbers with units, largest first. Milliseconds; null when it is none. */
export function parseDuration(text: string): number | null {
  const parts = written.exec(text);
  if (parts === null || text === '') return null;
  return units.reduce((sum, [, ms], index) => sum + Number(parts[index + 1] ?? 0) * ms, 0);
}

/** Writes milliseconds so that {@link parseDuration} reads them back: `90000` is `1m30s`. */
export function printDuration(ms: number): string {
  if (ms === 0) return '0s';
  let rest = Math.round(ms);
  let text = '';
  for (const [unit, size] of units) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) text += `${count}${unit}`;
  }
  return text;
}
