import { constants, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';

/** What the last pass left for the gate, times in milliseconds since 1970, durations in milliseconds. */
export interface Due {
  readonly passStartedAt: number;
  readonly dueAt: number;
  readonly everyMs: number;
  /** The boot the pass ran under; null where the system does not tell. */
  readonly boot: string | null;
  /** Idle for less than `belowMs` (null: any time) → `intervalMs` between passes. In rising order. */
  readonly tiers: readonly { readonly belowMs: number | null; readonly intervalMs: number }[];
}

/** What the gate looks at besides {@link Due}. */
export interface Present {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** When somebody last worked here, milliseconds since 1970; null: unknown, which counts as just now. */
  readonly activity: number | null;
  /** The running boot; null where the system does not tell. */
  readonly boot: string | null;
}

/** `at`: when the next heartbeat is due, milliseconds since 1970; null: nobody can say, so now. */
export interface Answer {
  readonly due: boolean;
  readonly why: 'first' | 'absurd' | 'boot' | 'clock' | 'time' | 'lifecycle' | 'touched' | 'not-yet';
  readonly at: number | null;
}

/** A clock may be corrected by this much without anybody calling it set back. */
const drift = 60_000;

/**
 * Is a heartbeat due (spec/tick.md §5.2; design: due)? Half a scheduler step of grace, so that a scheduler that calls
 * a moment early does not cost a whole step. Activity since the last pass shortens a long wait at once.
 * Whatever makes no sense is due: a pass too many is harmless, a pass too few is not.
 */
export function isDue(due: Due | null, { now, activity, boot }: Present): Answer {
  if (due === null) return { due: true, why: 'first', at: null };
  const { passStartedAt, dueAt, everyMs, tiers } = due;
  if (due.boot !== null && boot !== null && due.boot !== boot) return { due: true, why: 'boot', at: null };
  if (now < passStartedAt - drift) return { due: true, why: 'clock', at: null };
  const idle = activity === null ? 0 : now - activity;
  // One loop, from the last tier to the first, so that the first fitting one stays: this runs every minute.
  let longest = 0;
  let at = dueAt;
  for (let index = tiers.length - 1; index >= 0; index -= 1) {
    const tier = tiers[index];
    if (tier === undefined) continue;
    if (tier.intervalMs > longest) longest = tier.intervalMs;
    if (tier.belowMs === null || idle < tier.belowMs) at = passStartedAt + tier.intervalMs;
  }
  if (dueAt - now > longest + drift) return { due: true, why: 'absurd', at: null };
  if (at > dueAt) at = dueAt;
  return now >= at - everyMs / 2 ? { due: true, why: 'time', at } : { due: false, why: 'not-yet', at };
}

/**
 * Asks the town's own files: `daemon/due.json`, `daemon/activity.json`, and the names in the keeper's mailbox; in a town that
 * lives in beads when they were last written to. `running` is the boot, empty if unknown.
 */
export function askGate(town: string, now: number, running = runningBoot()): Answer {
  const left = jsonOf(`${town}/daemon/due.json`);
  const due = parseDue(left);
  if (due === null) return isDue(null, { now, activity: null, boot: null });
  const activity = timeOf(field(jsonOf(`${town}/daemon/activity.json`), 'timestamp'));
  const answer = isDue(due, { now, activity, boot: running === '' ? null : running });
  if (answer.due) return answer;
  const touched = field(left, 'touched');
  if (touched !== undefined && wasTouched(touched)) return { ...answer, due: true, why: 'touched' };
  return requestWaits(`${town}/mail/deacon/new`) ? { ...answer, due: true, why: 'lifecycle' } : answer;
}

/** Whether a file has another date than a pass found. No declaration: those are compiled in every town (quickDoor). */
const wasTouched = (touched: unknown): boolean => {
  const file = field(touched, 'file');
  const stamp = field(touched, 'stamp');
  try {
    return typeof file === 'string' && (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) !== stamp;
  } catch {
    return false;
  }
};

/** A request is known by its file's name. A directory that cannot be listed is for the next heartbeat to complain of. */
function requestWaits(inbox: string): boolean {
  try {
    if (!existsSync(inbox)) return false;
    for (const name of readdirSync(inbox))
      if (name.endsWith('.lifecycle.json') || name.endsWith('.spawn.json')) return true;
  } catch {
    return false;
  }
  return false;
}

/** Reads the value of a `gt.gate/1` document; null for anything that is not one. */
export function parseDue(value: unknown): Due | null {
  const passStartedAt = timeOf(field(value, 'pass_started_at'));
  const dueAt = timeOf(field(value, 'due_at'));
  const everyMs = millisecondsOf(field(value, 'every_seconds'));
  const listed = field(value, 'tiers');
  const boot = field(value, 'boot');
  if (passStartedAt === null || dueAt === null || everyMs === null || !Array.isArray(listed)) return null;
  const tiers = [];
  for (const tier of listed) {
    const below = field(tier, 'below_seconds');
    const belowMs = below === null ? null : millisecondsOf(below);
    const intervalMs = millisecondsOf(field(tier, 'interval_seconds'));
    if (intervalMs === null || (below !== null && belowMs === null)) return null;
    tiers.push({ belowMs, intervalMs });
  }
  if (tiers.length === 0) return null;
  return { passStartedAt, dueAt, everyMs, boot: typeof boot === 'string' ? boot : null, tiers };
}

function jsonOf(path: string): unknown {
  try {
    return JSON.parse(textOf(path));
  } catch {
    return null;
  }
}

/** Node's types know flags by name only; by number it takes those that have none. */
const read: (path: string, options: object) => unknown = readFileSync;
const neverWaiting = { encoding: 'utf8', flag: constants.O_RDONLY | constants.O_NONBLOCK };

/** Does not wait for a pipe that somebody put in a file's place. */
function textOf(path: string): string {
  return String(read(path, neverWaiting));
}

function runningBoot(): string {
  try {
    return textOf('/proc/sys/kernel/random/boot_id').trim();
  } catch {
    return '';
  }
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Reflect.get(value, name);
}

function timeOf(value: unknown): number | null {
  if (typeof value !== 'string') return null;
  const time = Date.parse(value);
  return Number.isNaN(time) ? null : time;
}

function millisecondsOf(value: unknown): number | null {
  return typeof value === 'number' && value > 0 && value < 1e9 ? value * 1000 : null;
}
