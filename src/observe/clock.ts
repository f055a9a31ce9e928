import { existsSync, readFileSync } from 'node:fs';
import { uptime } from 'node:os';
import { exitStatus, Failure } from '../exit.ts';
import type { Instant } from '../model/instant.ts';
import { parseInstant } from './stamp.ts';

/**
 * One reading of all clocks. In a town marked as made for tests (`testMarker` of its `Layout`) the environment may replace
 * each of them: `GT_CLOCK='{"wall":"2026-01-01T00:00:00Z","awake":0,"uptime":0,"boot":"b"}'`; a wrong value there is a usage failure.
 */
export function readClock(
  { env }: { readonly env: Readonly<Record<string, string | undefined>> },
  { testMarker }: { readonly testMarker: string },
): Instant {
  const real: Instant = {
    wall: Date.now(),
    awake: stopwatch(),
    uptime: uptime() * 1000,
    boot: readBoot(),
  };
  const wanted = env.GT_CLOCK;
  if (wanted === undefined || wanted === '' || !existsSync(testMarker)) return real;
  return { ...real, ...parseClock(wanted) };
}

/** Milliseconds of a clock that is never set, for lengths of time. `performance.now()` would load a tenth of Node. */
export function stopwatch(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}

function readBoot(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  } catch {
    return '';
  }
}

function parseClock(text: string): Partial<Instant> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw wrongClock(text);
  }
  if (typeof value !== 'object' || value === null) throw wrongClock(text);
  return Object.fromEntries(
    Object.entries(value).map(([key, given]: [string, unknown]) => {
      if (key === 'boot' && typeof given === 'string') return [key, given];
      if ((key === 'awake' || key === 'uptime' || key === 'wall') && typeof given === 'number')
        return [key, given];
      const wall = key === 'wall' ? parseInstant(given) : null;
      if (wall?.known !== true || wall.value === null) throw wrongClock(text);
      return [key, wall.value];
    }),
  );
}

function wrongClock(text: string): Failure {
  return new Failure(
    'clock-invalid',
    exitStatus.usage,
    `GT_CLOCK ${text} is not an object of wall (milliseconds or RFC 3339), awake, uptime and boot.`,
  );
}
