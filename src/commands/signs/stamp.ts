import { readClock } from '../../observe/clock.ts';
import { writeJson } from '../../persist/json.ts';
import { findTown } from '../../town/find.ts';
import { layout } from '../../town/layout.ts';
import { callerOf } from '../caller.ts';
import type { Context } from '../context.ts';
import { stampLife } from './stamp-life.ts';

/**
 * Which commands show somebody at work (design: activity tiers): `work` of a person and of an agent, `rounds` of a person
 * only, for they are what the deacon does when it is woken, and must not keep an idle town awake.
 */
const deeds: Readonly<Record<string, 'work' | 'rounds'>> = {
  'rig add': 'work',
  'rig remove': 'work',
  'rig park': 'work',
  'rig unpark': 'work',
  'mail send': 'work',
  'mail reply': 'work',
  'mail ack': 'work',
  'mail delete': 'work',
  'mail archive': 'work',
  'mail mark-read': 'work',
  'mail clear': 'work',
  nudge: 'work',
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
  'witness start': 'rounds',
  'witness stop': 'rounds',
  'witness restart': 'rounds',
  'refinery start': 'rounds',
  'refinery stop': 'rounds',
  'refinery restart': 'rounds',
  'deacon start': 'rounds',
  'deacon stop': 'rounds',
  'deacon restart': 'rounds',
  'mayor start': 'rounds',
  'mayor stop': 'rounds',
  'mayor restart': 'rounds',
  resume: 'work',
  hold: 'work',
  reset: 'work',
  'alerts ack': 'work',
};

/** What schedulers call, or another `gt`, in whoever's name: no sign of anybody's life (spec/tick.md §10.3). */
const unattended = ['tick', 'due', 'lifecycle process'];

/**
 * Leaves the traces of a command, `words` without its arguments: `daemon/activity.json` where somebody works in the town,
 * and for the calling agent, whatever it runs, a sign of life in its own town. Looking is nobody's work. Never fails: a
 * command does not depend on its trace.
 */
export function leaveTrace(words: string, town: string | undefined, context: Context): void {
  if (unattended.includes(words)) return;
  const deed = deeds[words];
  if (deed !== undefined) stampActivity(words, deed, town, context);
  stampLife(words, context, town);
}

/** Somebody works in this town: shortens the wait for the next pass (spec/tick.md §2.7, §5.2). */
function stampActivity(
  words: string,
  deed: 'work' | 'rounds',
  town: string | undefined,
  context: Context,
): void {
  try {
    const root = findTown({ town, env: context.env, cwd: context.cwd });
    if (deed === 'rounds' && callerOf(root, context) !== null) return;
    const at = layout(root);
    const timestamp = new Date(readClock(context, at).wall).toISOString();
    writeJson(at.activityFile, { last_command: `gt ${words}`, timestamp }, { fsync: false });
  } catch {
    // No town, or one that cannot be written to: the command itself will say so.
  }
}
