import { isAgentsName, mayHold, mayLift, type Orderer } from '../../decide/hold-rights.ts';
import { exitStatus, Failure } from '../../exit.ts';
import type { Hold } from '../../model/rig.ts';
import { oneLine } from '../../show/printable.ts';
import { findTown } from '../../town/find.ts';
import { hasEnded } from '../../town/holding.ts';
import type { Layout } from '../../town/layout.ts';
import { shellWord } from '../../town/shell-word.ts';
import { callerOf } from '../caller.ts';
import type { Context } from '../context.ts';
import { isSame } from '../hint-town.ts';
import { holdText } from '../rigs/rig.ts';
import { endingOf } from './hold-ending.ts';
import { orderedBy } from './log-deed.ts';

/** The town that is meant, and where whoever means it is. */
interface Place {
  readonly at: Layout;
  readonly context: Context;
}

/** Throws the failure (77) before anything is held by somebody who may not hold that; `line` is what a person runs. */
export function refuseHolding(
  hold: Pick<Hold, 'target' | 'kind'>,
  line: string,
  at: Layout,
  context: Context,
): void {
  const orderer = ordererOf(at, context);
  if (mayHold(orderer, hold)) return;
  const own = orderer.is === 'agent' ? ' An agent holds itself; others only the mayor and people do.' : '';
  throw notAllowed(
    `${nameOf(orderer, context)} may not hold ${whom(hold)}.${own} Nothing was done. A person runs: ${personRuns(line, { at, context })}`,
    askPerson('please hold', line, { at, context }),
  );
}

/** Throws the failure (77) where one of these holds, whose time is not up, is not the caller's to end: all of them stay. */
export function refuseLifting(holds: readonly Hold[], at: Layout, context: Context): void {
  const orderer = ordererOf(at, context);
  const now = context.now();
  const foreign = holds.find((hold) => !hasEnded(hold, now.toISOString()) && !mayLift(orderer, hold));
  if (foreign === undefined) return;
  throw notAllowed(
    `${nameOf(orderer, context)} may not end a hold that it did not place: ${whom(foreign)} is held (${foreign.kind}: ${holdText(foreign, now)}). Nothing was done. A person runs: ${personRuns(endingOf(foreign), { at, context })}`,
    pleaseResume(foreign, { at, context }),
  );
}

/** Who holds, for the record: an agent by its id, whatever else its environment says; a person never by an agent's name. */
export function holderOf(at: Layout, context: Context): string {
  const orderer = ordererOf(at, context);
  if (orderer.is === 'agent') return orderer.agent.id;
  const by = orderedBy(context);
  const isBorrowed = orderer.is === 'person' && isAgentsName(by);
  return isBorrowed ? orderedBy({ env: { ...context.env, BD_ACTOR: '' } }) : by;
}

/** What a hold is on, for people. */
export function whom({ target }: Pick<Hold, 'target'>): string {
  return target === '*' ? 'the whole town' : oneLine(target);
}

/** Who runs the command. An agent whose role nobody understands, or of another town, is not taken for the person. */
export function ordererOf({ root }: Pick<Layout, 'root'>, context: Context): Orderer {
  const role = roleOf(context);
  if (role === '' || role === 'overseer') return { is: 'person' };
  const agent = isOfAnotherTown(root, context) ? null : callerOf(root, context);
  return agent === null ? { is: 'stranger' } : { is: 'agent', agent };
}

/** Every agent is told its town's root; what is told none is taken for one of the town it works in. */
function isOfAnotherTown(root: string, { env, cwd }: Context): boolean {
  try {
    return Boolean(env.GT_TOWN_ROOT || env.GT_ROOT) && findTown({ env, cwd, reading: true }) !== root;
  } catch {
    return false;
  }
}

/** Whom a refusal names. */
export function nameOf(orderer: Orderer, context: Context): string {
  return orderer.is === 'agent'
    ? orderer.agent.id
    : `GT_ROLE is ${JSON.stringify(oneLine(roleOf(context), 80))}, which is no agent of this town: it`;
}

function roleOf({ env }: Context): string {
  return (env.GT_ROLE ?? '').trim().replace(/\/$/, '');
}

/** What an agent runs that may not end a hold itself. */
export function pleaseResume(hold: Hold, there: Place): string {
  return askPerson('please resume', endingOf(hold), there);
}

/** A line for a person in the shell of an agent. */
export function personRuns(line: string, there: Place): string {
  return `env -u GT_ROLE ${line}${townIn(there)}`;
}

/** The command by which an agent asks a person to run a line. */
export function askPerson(subject: string, line: string, there: Place): string {
  const town = townIn(there);
  return `gt mail send --human -s ${shellWord(subject)} -m ${shellWord(`${line}${town}`)}${town}`;
}

/** What names the town in a line where `gt` would not find it by itself. */
function townIn({ at, context }: Place): string {
  return isSame(at.root, context) ? '' : ` --town ${shellWord(at.root)}`;
}

/** The failure (77) of somebody who may not; `hint` is what they run instead. */
export function notAllowed(message: string, hint: string): Failure {
  return new Failure('not-allowed', exitStatus.permission, message, hint);
}
