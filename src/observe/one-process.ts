import { existsSync, readFileSync } from 'node:fs';
import { parseStat } from '../persist/process-identity.ts';
import type { Run } from '../run.ts';

/** A process that runs now. */
export interface OneProcess {
  readonly argv: readonly string[];
  /** Seconds since 1970, within a second or two; null where it cannot be told. */
  readonly started: number | null;
}

/** One process by its pid: null when there is none, or only one that ended and was not reaped. Elsewhere than on Linux by one `ps`. */
export async function readProcess(
  pid: number,
  run: Run,
  env: Readonly<Record<string, string | undefined>>,
): Promise<OneProcess | null> {
  if (!Number.isSafeInteger(pid) || pid <= 1) return null;
  if (existsSync('/proc/self/stat')) return fromProc(pid);
  const ran = await run({
    file: 'ps',
    args: ['-p', String(pid), '-o', 'lstart=,args='],
    env: { ...env, LC_ALL: 'C' },
  });
  return parsePsLine(ran.stdout);
}

function fromProc(pid: number): OneProcess | null {
  try {
    const stat = parseStat(readFileSync(`/proc/${pid}/stat`, 'latin1'));
    if (stat === null || stat.state === 'Z' || stat.state === 'X') return null;
    const argv = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replace(/\0$/, '').split('\0');
    return { argv, started: startedAt(Number(stat.start)) };
  } catch {
    return null;
  }
}

/** Reads one line of `ps -o lstart=,args=`: `Sat Nov 21 10:40:12 2026 /usr/bin/tmux -L x`. */
export function parsePsLine(output: string): OneProcess | null {
  const match = /^\s*(\w{3} \w{3}\s+\d+ \d\d:\d\d:\d\d \d{4})\s+(\S.*?)\s*$/m.exec(output);
  const [, time, args] = match ?? [];
  if (time === undefined || args === undefined) return null;
  const ms = Date.parse(time);
  return { argv: args.split(/\s+/), started: Number.isNaN(ms) ? null : ms / 1000 };
}

/** Linux counts in hundredths of a second since boot. */
function startedAt(ticks: number): number | null {
  const boot = /^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'latin1'))?.[1];
  return boot === undefined ? null : Number(boot) + ticks / 100;
}
