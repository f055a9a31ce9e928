import { setTimeout as pause } from 'node:timers/promises';
import { explain, type Ran, type Run } from '../../run.ts';
import type { Answer, Trouble } from '../port.ts';
import type { Issue } from './issue.ts';
import { issuesIn } from './output.ts';
import type { Capabilities } from './version.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** What running `bd` takes. */
export interface Program {
  readonly run: Run;
  /** The caller's environment; only what {@link environment} lets through reaches `bd`. */
  readonly env: Env;
  /** Wall time in milliseconds for one call. A read of `bd` waits for writers as long as they take, so only we can end it. */
  readonly timeoutMs: number;
}

export interface Call {
  /** The `.beads` directory to work on. */
  readonly store: string;
  readonly args: readonly string[];
  readonly input?: string;
  readonly timeoutMs?: number;
}

const passed = [
  'HOME',
  'PATH',
  'USER',
  'LOGNAME',
  'TMPDIR',
  'TZ',
  'LANG',
  'LC_ALL',
  'XDG_CONFIG_HOME',
  'XDG_CACHE_HOME',
];

/**
 * `bd`'s environment, built from nothing: agents' variables change what it prints (`CLAUDE_CODE` cuts lists to 20 rows)
 * and where it looks (spec/agents.md §7.1, design/peers.md §3). Never a daemon, never a pager, never a colour.
 */
export function environment(env: Env, store: string): Readonly<Record<string, string>> {
  const kept = passed.flatMap((name) => {
    const value = env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(kept),
    BEADS_DIR: store,
    BEADS_NO_DAEMON: '1',
    BD_NO_PAGER: '1',
    NO_COLOR: '1',
    GIT_TERMINAL_PROMPT: '0',
  };
}

/**
 * `bd` 1.x with its embedded Dolt lets one process at a store and turns away all others at once, readers too. Nothing was
 * done then, so asking again is safe.
 */
const turnedAway = /another process holds the exclusive lock/;
const firstPauseMs = 60;
const longestPauseMs = 400;
/** A call that is let in has this long at least, or half of its time where that is less. Milliseconds. */
const roomMs = 4_000;

/**
 * Runs `bd`, again while its store is somebody else's. No try begins late: one that is let in must have time to finish, for
 * what a change that was cut short has done is not known. Whatever becomes of it is told by the result.
 */
export async function callBd(program: Program, call: Call): Promise<Ran> {
  const timeoutMs = call.timeoutMs ?? program.timeoutMs;
  const begun = performance.now();
  for (let wait = firstPauseMs; ; wait = Math.min(wait * 2, longestPauseMs)) {
    const left = timeoutMs - (performance.now() - begun);
    const ran = await runOnce(program, call, Math.max(1, Math.round(left)));
    // Those who wait together are not to come again together.
    const rest = wait * (0.5 + Math.random());
    const isLate = performance.now() - begun + rest > timeoutMs - Math.min(timeoutMs / 2, roomMs);
    if (ran.ok || isLate || !turnedAway.test(ran.stderr)) return ran;
    await pause(rest);
  }
}

function runOnce({ run, env }: Program, call: Call, timeoutMs: number): Promise<Ran> {
  return run({
    file: 'bd',
    args: call.args,
    cwd: parentOf(call.store),
    env: environment(env, call.store),
    whole: true,
    timeoutMs,
    maxBytes: 256 * 1024 * 1024,
    ...(call.input === undefined ? {} : { input: call.input }),
  });
}

/** The directory a store belongs to. `bd` looks for git from where it stands. */
function parentOf(store: string): string {
  const cut = store.lastIndexOf('/');
  return cut <= 0 ? '/' : store.slice(0, cut);
}

/** The arguments every call begins with. */
export function globals({ noDaemon }: Pick<Capabilities, 'noDaemon'>): readonly string[] {
  return noDaemon ? ['--no-daemon'] : [];
}

/** Trouble of a call that did not succeed; the program's own words follow, one line of them. */
export function troubleOf(ran: Ran, what: string): Trouble {
  const said = firstLine(errorIn(ran.stderr) || ran.stderr) || firstLine(errorIn(ran.stdout));
  const words = ran.failure === 'exit' && said !== '' ? said : `bd ${explain(ran)}`;
  return { known: false, reason: `${what}: ${words}`, trouble: kindOf(ran, said) };
}

function kindOf(ran: Ran, said: string): Trouble['trouble'] {
  if (ran.failure === 'permission' || /permission denied/i.test(said)) return 'permission';
  if (/no space left|disk is full|disk i\/o error|read-only file system|readonly database/i.test(said))
    return 'io';
  return 'unavailable';
}

export function bad(what: string, why: string): Trouble {
  return { known: false, reason: `${what}: ${why}`, trouble: 'unavailable' };
}

/** A listing, parsed. `what` begins the reason of trouble. */
export async function listIssues(
  program: Program,
  call: Call,
  what: string,
): Promise<Answer<{ readonly issues: readonly Issue[]; readonly strange: number }>> {
  const ran = await callBd(program, call);
  if (!ran.ok) return troubleOf(ran, what);
  const printed = issuesIn(ran.stdout);
  if (printed.kind === 'bad') return bad(what, `what bd printed ${printed.why}`);
  return { known: true, value: printed };
}

function firstLine(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^warning:/i.test(line));
  const line = lines.find((one) => /^error\b/i.test(one)) ?? lines[0] ?? '';
  return line.replace(/^Error: /, '').slice(0, 300);
}

/** `bd` prints `{"error": …}` where JSON was asked for. */
function errorIn(stdout: string): string {
  const found = /"error":\s*"((?:[^"\\]|\\.)*)"/.exec(stdout);
  return found?.[1] ?? '';
}
