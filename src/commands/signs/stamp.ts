import { readClock } from '../../observe/clock.ts';
import { writeJson } from '../../persist/json.ts';
import { findTown } from '../../town/find.ts';
import { keepaliveFileOf, layout } from '../../town/layout.ts';
import { callerOf } from '../caller.ts';
import type { Context } from '../context.ts';
import { paneOf } from './stamp-life.ts';

/**
 * Which commands leave a trace (design: activity tiers; spec/agents.md §1.4). `work` shows a person or an agent at
 * work: the town is active and the agent, if one calls, is alive. `life` shows only that the calling agent lives:
 * it answers our own poke. Every command that is not listed leaves none: the tick, what only reads, and what hooks call.
 */
const traces: Readonly<Record<string, 'work' | 'life'>> = {
  'rig add': 'work',
  'rig remove': 'work',
  'rig park': 'work',
  'rig unpark': 'work',
  'deacon heartbeat': 'life',
  'mail send': 'work',
  'mail reply': 'work',
  'mail ack': 'work',
  'mail delete': 'work',
  'mail archive': 'work',
  'mail mark-read': 'work',
  'mail clear': 'work',
  nudge: 'work',
  hook: 'life',
  sling: 'work',
  done: 'work',
  'work add': 'work',
  'work close': 'work',
  'polecat add': 'work',
  'lifecycle request': 'work',
  handoff: 'work',
  up: 'work',
  down: 'work',
  'crew add': 'work',
  'crew start': 'work',
  'crew stop': 'work',
  'crew restart': 'work',
  'crew at': 'work',
  'crew remove': 'work',
  'session start': 'work',
  'session stop': 'work',
  'session restart': 'work',
  'session at': 'work',
  // The deacon's rounds: they must not keep an idle town awake.
  'witness start': 'life',
  'witness stop': 'life',
  'witness restart': 'life',
  'refinery start': 'life',
  'refinery stop': 'life',
  'refinery restart': 'life',
  'deacon start': 'life',
  'deacon stop': 'life',
  'deacon restart': 'life',
  'mayor start': 'life',
  'mayor stop': 'life',
  'mayor restart': 'life',
  resume: 'work',
  hold: 'work',
  reset: 'work',
  'alerts ack': 'work',
};

/**
 * Leaves the trace of a command: `daemon/activity.json` for the town, `.runtime/keepalive.json` for the calling agent.
 * `words` is the command without its arguments. Never fails: a command does not depend on its trace.
 */
export function leaveTrace(words: string, town: string | undefined, context: Context): void {
  const kind = traces[words];
  if (kind === undefined) return;
  try {
    const root = findTown({ town, env: context.env, cwd: context.cwd });
    const now = new Date(readClock(context, layout(root)).wall);
    if (kind === 'work') stampActivity(root, words, now);
    stampKeepalive(root, words, now, context);
  } catch {
    // No town, or one that cannot be written to: the command itself will say so.
  }
}

/** Somebody works in this town: shortens the wait for the next pass (spec/tick.md §2.7, §5.2). */
function stampActivity(root: string, words: string, now: Date): void {
  writeJson(layout(root).activityFile, stampOf(words, now), { fsync: false });
}

/** The agent that runs this command lives. Does nothing for a person. */
function stampKeepalive(root: string, words: string, now: Date, context: Context): void {
  const caller = callerOf(root, context);
  if (caller === null) return;
  const stamp = { ...stampOf(words, now), ...paneOf(context.env) };
  writeJson(keepaliveFileOf(root, caller), stamp, { fsync: false });
}

function stampOf(words: string, now: Date): object {
  return { last_command: `gt ${words}`, timestamp: now.toISOString() };
}
