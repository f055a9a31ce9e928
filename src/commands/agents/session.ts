import type { Agent } from '../../model/agent.ts';
import { known } from '../../model/fact.ts';
import { worker } from '../../town/identity.ts';
import type { Context } from '../context.ts';
import { standingRig } from '../standing.ts';
import { agentMeant } from '../talk/targets.ts';
import { type Desk, deskIn } from './desk.ts';

export interface SessionOptions {
  readonly town?: string | undefined;
  /** Any spelling; a bare word is a polecat of the rig one is in. */
  readonly agent: string;
  readonly issue?: string | undefined;
  readonly force?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/** `gt session start|stop|restart|at` (spec/agents.md §1.6), for polecats and for everybody else. */
export async function sessionCommand(
  verb: 'start' | 'stop' | 'restart' | 'at',
  { town, agent: given, issue, json = false }: SessionOptions,
  context: Context,
): Promise<number> {
  const desk = deskIn(town, context);
  const agent = meant(given, desk);
  const doing = { command: `gt session ${verb}`, json };
  switch (verb) {
    case 'start':
      if (issue !== undefined) {
        await refuseStart(agent, doing.command, desk);
        await hang(issue, agent, desk);
      }
      return (await import('./start.ts')).startOne(agent, doing, desk);
    case 'stop':
      return (await import('./stop-one.ts')).stopOne(agent, doing, desk);
    case 'restart':
      return (await import('./start.ts')).restartOne(agent, doing, desk);
    case 'at':
      return (await import('./attach.ts')).attachTo(agent, doing.command, desk);
  }
}

/** As for every command that upstream has: nobody is called so → 1. */
function meant(given: string, { at, rigs, context }: Desk): Agent {
  const names = rigs.map(({ name }) => name);
  const here = standingRig(at.root, context, names);
  const polecat = rigs.find(({ name }) => name === here)?.polecats.includes(given) === true;
  if (here !== null && polecat) return worker(here, 'polecat', given);
  return agentMeant(given, { root: at.root, rigs: known(rigs), rig: here });
}

/** Throws what the start would: nothing is hung on the hook of an agent that then may not be started. */
async function refuseStart(agent: Agent, command: string, { at, context }: Desk): Promise<void> {
  const { byHand } = await import('./hand.ts');
  const { needOf } = await import('./startable.ts');
  const { ensuredBy, failureOfStart } = await import('./ensure.ts');
  const need = await byHand(at, command, context, async (hand) => needOf(agent, hand));
  const failure = need.is === 'start' ? null : failureOfStart(ensuredBy(agent, need));
  if (failure !== null) throw failure;
}

/** Nothing is started when the work cannot be hung there. */
async function hang(issue: string, agent: Agent, { at, context }: Desk): Promise<void> {
  const { putOnHook } = await import('../work/put-on-hook.ts');
  const { itemNamed } = await import('../work/find-work.ts');
  const { workDesk } = await import('../work/work-desk.ts');
  const desk = workDesk(at.root, context);
  const item = await itemNamed(issue, desk, context);
  await putOnHook({ kind: 'item', item }, agent, false, desk, context);
}
