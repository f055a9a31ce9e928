import { type Stop, stopAgents } from '../../act/stop-agents.ts';
import type { Agent } from '../../model/agent.ts';
import type { Layout } from '../../town/layout.ts';
import { holdAfterShutdown } from '../../town/shutdown-hold.ts';
import type { Context } from '../context.ts';
import { holderOf } from '../operator/hold-rights.ts';
import { editing } from '../rigs/rig.ts';
import { forget } from './deeds.ts';
import { byHand, type Hand } from './hand.ts';
import { leaveTerminal } from './leave-terminal.ts';
import { refuseEnding } from './rights.ts';
import { findingOf } from './startable.ts';

/** What became of ending an agent. */
export interface Ended {
  readonly agent: Agent;
  readonly session: string;
  readonly result: 'stopped' | 'not-running' | 'refused' | 'failed';
  readonly code: string | null;
  readonly error: string | null;
}

export interface Ending {
  readonly at: Layout;
  readonly command: string;
  readonly context: Context;
  /** Written for each agent, so that no pass brings it back; null where a hold of the whole town does that. */
  readonly hold: string | null;
  /** Told as each agent's fate is known; before the agent in whose pane this command runs is ended. */
  readonly onEach?: (ended: Ended) => void;
}

/**
 * Ends agents, living or dead, and keeps them down until somebody starts them: stop means stop. The hold comes first.
 * Sessions that this town did not start are left alone.
 */
export async function stopThem(agents: readonly Agent[], ending: Ending): Promise<readonly Ended[]> {
  const { at, command, context } = ending;
  refuseEnding(agents, at, context);
  return await byHand(at, command, context, (hand) => stopSome(agents, hand, ending));
}

async function stopSome(
  agents: readonly Agent[],
  hand: Hand,
  { at, command, context, hold, onEach }: Ending,
): Promise<readonly Ended[]> {
  const results = new Map<string, Ended>();
  const tell = (ended: Ended) => {
    if (results.has(ended.agent.id)) return;
    results.set(ended.agent.id, ended);
    onEach?.(ended);
  };
  const stops: Stop[] = [];
  for (const agent of agents) {
    const { session, liveness } = findingOf(agent, hand);
    const refused = (code: string, error: string): void =>
      tell({ agent, session, result: 'refused', code, error });
    if (liveness.is === 'foreign') {
      refused('foreign', `a session ${session} exists that this town did not start: it was left alone`);
      continue;
    }
    if (hold !== null) await keepDown(agent, hold, { at, command, context });
    if (liveness.is === 'unknown') refused('unknown', `it was not ended: ${liveness.reason}`);
    else if (liveness.is === 'absent')
      tell({ agent, session, result: 'not-running', code: null, error: null });
    else stops.push({ agent, session, pane: liveness.pane, panePid: liveness.panePid, keepPane: false });
  }
  const settle = (stopped: ReadonlyMap<Stop, string | null>, which: readonly Stop[]) => {
    const gone = which.filter((stop) => stopped.get(stop) === null);
    forget(
      hand,
      gone.map(({ agent }) => agent),
      command,
      holderOf(at, context),
    );
    for (const stop of which) tell(endedBy(stop, stopped.get(stop) ?? null));
  };
  const stopped = await stopAgents(stops, hand.world, (soFar) => {
    // Ours comes last, and whatever is to be said or saved has to be so before its terminal goes.
    const own = stops.filter((stop) => !soFar.has(stop));
    settle(new Map([...soFar, ...own.map((stop) => [stop, null] as const)]), stops);
    leaveTerminal();
  });
  const rest = stops.filter(({ agent }) => !results.has(agent.id));
  settle(stopped, rest);
  return agents.flatMap(({ id }) => results.get(id) ?? []);
}

async function keepDown(
  { id }: Agent,
  reason: string,
  { at, command, context }: Pick<Ending, 'at' | 'command' | 'context'>,
): Promise<void> {
  const edit = editing(command, context);
  const hold = {
    target: id,
    kind: 'shutdown',
    reason,
    by: holderOf(at, context),
    since: edit.at,
    until: null,
  } as const;
  await holdAfterShutdown(at, hold, edit);
}

function endedBy({ agent, session }: Stop, trouble: string | null): Ended {
  return trouble === null
    ? { agent, session, result: 'stopped', code: null, error: null }
    : { agent, session, result: 'failed', code: 'survived', error: trouble };
}
