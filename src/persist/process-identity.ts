import { readFileSync, readlinkSync } from 'node:fs';
import { hostname, uptime } from 'node:os';
import { errnoOf } from './io-failure.ts';

/** Which process this is, so that no other can be taken for it, not even after a reboot. */
export interface ProcessIdentity {
  readonly host: string;
  /** The boot's id; empty where the system does not tell. */
  readonly boot: string;
  /** The space in which the pid counts (Linux: the pid namespace, so that containers are told apart); else empty. */
  readonly space: string;
  readonly pid: number;
  /** When it started, in the system's own words (Linux: clock ticks since boot); empty where it does not tell. */
  readonly start: string;
}

export type ProcessStart =
  | { readonly kind: 'running'; readonly start: string }
  | { readonly kind: 'gone' }
  | { readonly kind: 'unknown' };

/** Who we are, and who else runs here. */
export interface ProcessTable {
  readonly self: ProcessIdentity;
  startOf(pid: number): ProcessStart;
  /** When the machine started, milliseconds since 1970 by today's clock; missing where that cannot be told. */
  readonly bootedAt?: () => number;
}

/**
 * What became of a process. `elsewhere`: on another host, which cannot be asked. `unsure`: it cannot be told from here.
 * Only `dead` may be succeeded.
 */
export type Standing = 'running' | 'dead' | 'elsewhere' | 'unsure';

/**
 * The running system's processes. Where there is no `/proc`, `startTime` tells when a pid started (`ps -o lstart=`),
 * or null for none; without it a pid that exists is never taken for dead. Starts no program itself.
 */
export function processTable(startTime: ((pid: number) => string | null) | null = null): ProcessTable {
  const startOf = (pid: number): ProcessStart => readStart(pid, startTime);
  const own = startOf(process.pid);
  return {
    self: {
      host: hostname(),
      boot: textOf('/proc/sys/kernel/random/boot_id'),
      space: spaceOf(),
      pid: process.pid,
      start: own.kind === 'running' ? own.start : '',
    },
    startOf,
    bootedAt: () => Date.now() - uptime() * 1000,
  };
}

/** Same boot → the process table decides. Another boot of the same host → dead. Anything else cannot be known here. */
export function standingOf(who: ProcessIdentity, table: ProcessTable): Standing {
  const { self } = table;
  const sameBoot = who.boot !== '' && who.boot === self.boot;
  if (!sameBoot) {
    if (who.host !== self.host) return 'elsewhere';
    if (who.boot !== '' && self.boot !== '') return 'dead';
  }
  if (who.space !== self.space) return 'unsure';
  const found = table.startOf(who.pid);
  if (found.kind === 'gone') return 'dead';
  if (found.kind === 'unknown' || found.start === '' || who.start === '') return 'unsure';
  return found.start === who.start ? 'running' : 'dead';
}

/**
 * The state letter and start time of `/proc/<pid>/stat` (proc(5), fields 3 and 22). The command in field 2 may hold
 * anything, brackets and spaces too, so fields count from the last bracket.
 */
export function parseStat(stat: string): { readonly state: string; readonly start: string } | null {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state = ''] = fields;
  const start = fields[19];
  return stat.includes(')') && start !== undefined && /^\d+$/.test(start) ? { state, start } : null;
}

function readStart(pid: number, startTime: ((pid: number) => string | null) | null): ProcessStart {
  try {
    const stat = parseStat(readFileSync(`/proc/${pid}/stat`, 'latin1'));
    if (stat === null) return { kind: 'unknown' };
    return stat.state === 'Z' || stat.state === 'X'
      ? { kind: 'gone' }
      : { kind: 'running', start: stat.start };
  } catch {
    return withoutProc(pid, startTime);
  }
}

/** Also where `/proc` hides other people's processes: that a signal may not be sent shows that somebody is there. */
function withoutProc(pid: number, startTime: ((pid: number) => string | null) | null): ProcessStart {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (errnoOf(error) === 'ESRCH') return { kind: 'gone' };
  }
  const start = startTime?.(pid) ?? '';
  return start === '' ? { kind: 'unknown' } : { kind: 'running', start };
}

function spaceOf(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1').trim();
  } catch {
    return '';
  }
}
