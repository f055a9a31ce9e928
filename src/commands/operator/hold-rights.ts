import { mayHold, mayLift, type Orderer } from '../../decide/hold-rights.ts';
import { exitStatus, Failure } from '../../exit.ts';
import type { Hold } from '../../model/rig.ts';
import { oneLine } from '../../show/printable.ts';
import type { Layout } from '../../town/layout.ts';
import { shellWord } from '../../town/shell-word.ts';
import { callerOf } from '../caller.ts';
import type { Context } from '../context.ts';
import { holdText } from '../rigs/rig.ts';
import { endingOf } from './hold-ending.ts';
import { orderedBy } from './log-deed.ts';

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
  throw refused(
    `${nameOf(orderer, context)} may not hold ${whom(hold)}.${own} Nothing was done. A person runs: ${line}`,
    'please hold',
    line,
  );
}

/** Throws the failure (77) where one of these holds is not the caller's to end: all of them stay. */
export function refuseLifting(holds: readonly Hold[], at: Layout, context: Context): void {
  const orderer = ordererOf(at, context);
  const foreign = holds.find((hold) => !mayLift(orderer, hold));
  if (foreign === undefined) return;
  const line = endingOf(foreign);
  throw refused(
    `${nameOf(orderer, context)} may not end a hold that it did not place: ${whom(foreign)} is held (${foreign.kind}: ${holdText(foreign, context.now())}). Nothing was done. A person runs: ${line}`,
    'please resume',
    line,
  );
}

/** Who holds, for the record: an agent by its id, whatever else its environment says. */
export function holderOf({ root }: Layout, context: Context): string {
  return callerOf(root, context)?.id ?? orderedBy(context);
}

/** What a hold is on, for people. */
export function whom({ target }: Pick<Hold, 'target'>): string {
  return target === '*' ? 'the whole town' : oneLine(target);
}

/** An agent whose role nobody understands is not taken for the person. */
function ordererOf({ root }: Layout, context: Context): Orderer {
  const agent = callerOf(root, context);
  if (agent !== null) return { is: 'agent', agent };
  const role = roleOf(context);
  return { is: role === '' || role === 'overseer' ? 'person' : 'stranger' };
}

function nameOf(orderer: Orderer, context: Context): string {
  return orderer.is === 'agent'
    ? orderer.agent.id
    : `GT_ROLE is ${JSON.stringify(oneLine(roleOf(context), 80))}, which is no agent of this town: it`;
}

function roleOf({ env }: Context): string {
  return (env.GT_ROLE ?? '').trim().replace(/\/$/, '');
}

/** What an agent runs that may not end a hold itself. */
export function pleaseResume(hold: Hold): string {
  return askPerson('please resume', endingOf(hold));
}

function askPerson(subject: string, line: string): string {
  return `gt mail send --human -s ${shellWord(subject)} -m ${shellWord(line)}`;
}

function refused(message: string, subject: string, line: string): Failure {
  return new Failure('not-allowed', exitStatus.permission, message, askPerson(subject, line));
}
