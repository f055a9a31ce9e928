import { firstScreens } from '../../act/first-screen.ts';
import { exitStatus, Failure } from '../../exit.ts';
import type { Agent } from '../../model/agent.ts';
import type { Outcome } from '../../model/plan.ts';
import { sessionOf } from '../../town/identity.ts';
import type { Layout } from '../../town/layout.ts';
import { endShutdown } from '../../town/shutdown-hold.ts';
import type { Context } from '../context.ts';
import { editing } from '../rigs/rig.ts';
import { carryOut } from './deeds.ts';
import { byHand, type Hand } from './hand.ts';
import { type Need, needOf } from './startable.ts';

/** What became of making sure that an agent runs. */
export interface Ensured {
  readonly agent: Agent;
  readonly session: string;
  readonly result: 'started' | 'recreated' | 'running' | 'refused' | 'failed';
  /** A slug for `refused` and `failed`. */
  readonly code: string | null;
  /** A sentence: why not, or what did not work although it runs. */
  readonly error: string | null;
  readonly hint: string | null;
}

export interface Ensuring {
  readonly at: Layout;
  readonly command: string;
  readonly context: Context;
  /** Told as each agent's fate is known. */
  readonly onEach?: (ensured: Ensured) => void;
  /** Told when a session without its agent is about to get a new one. */
  readonly onZombie?: (agent: Agent) => void;
  /** Agents that were told to stay down are left so. */
  readonly keepDown?: boolean;
}

/**
 * Makes sure that agents run, as many at a time as a pass may start (`tick.budgets.starts`), each batch under a lock of
 * its own, so that a heartbeat that comes due meanwhile is held up for one batch alone. Being named ends a shutdown.
 */
export async function ensureAgents(
  agents: readonly Agent[],
  ensuring: Ensuring,
): Promise<readonly Ensured[]> {
  const results: Ensured[] = [];
  let rest = agents;
  while (rest.length > 0) {
    const batch = await byHand(ensuring.at, ensuring.command, ensuring.context, (hand) =>
      ensureSome(rest, hand, ensuring),
    );
    results.push(...batch);
    const done = new Set(batch.map(({ agent }) => agent.id));
    rest = rest.filter(({ id }) => !done.has(id));
  }
  return results;
}

/** As many of them as one batch holds; always one at least. */
async function ensureSome(
  agents: readonly Agent[],
  hand: Hand,
  { at, command, context, keepDown = false, onEach, onZombie }: Ensuring,
): Promise<readonly Ensured[]> {
  const results: Ensured[] = [];
  const tell = (ensured: Ensured) => {
    results.push(ensured);
    onEach?.(ensured);
  };
  const starts: { readonly agent: Agent; readonly need: Extract<Need, { is: 'start' }> }[] = [];
  for (const agent of agents) {
    if (starts.length >= hand.sight.config.tick.budgets.starts) break;
    const need = keepDown && isDown(agent, hand) ? down(agent) : needOf(agent, hand);
    if (need.is === 'start') starts.push({ agent, need });
    else tell(ensuredBy(agent, need));
    const ends = need.is === 'running' && hand.orderer.is === 'person';
    if (!keepDown && ends) await endShutdown(at, agent.id, editing(command, context));
  }
  for (const { agent, need } of starts) {
    if (!keepDown) await endShutdown(at, agent.id, editing(command, context));
    if (need.zombie) onZombie?.(agent);
  }
  const outcomes = await carryOut(
    hand,
    starts.map(({ need }) => need.action),
  );
  const waiting = await whoWaits(
    starts.map(({ agent }) => agent),
    outcomes,
    hand,
  );
  for (const { agent, need } of starts) {
    const outcome = outcomes.find(({ action }) => action === need.action.id);
    const { session } = need.finding;
    const error = waiting.get(agent.id) ?? outcome?.error ?? null;
    if (outcome?.result === 'ok')
      tell({ agent, session, result: need.zombie ? 'recreated' : 'started', code: null, error, hint: null });
    else
      tell({
        agent,
        session,
        result: 'failed',
        code: outcome?.reason ?? 'failed',
        error: error ?? 'nothing was reported about it',
        hint: 'gt status',
      });
  }
  return results;
}

/** Those of the started that ask for a person first. Looked for only where a person watches. */
export async function whoWaits(
  agents: readonly Agent[],
  outcomes: readonly Outcome[],
  { world }: Hand,
): Promise<ReadonlyMap<string, string>> {
  const started = agents.flatMap((agent) => {
    const outcome = outcomes.find(({ action }) => action.endsWith(`:${agent.id}`));
    return outcome?.result === 'ok' && outcome.pane !== null ? [{ agent, pane: outcome.pane }] : [];
  });
  return world.onStep === null ? new Map() : firstScreens(started, world);
}

/** What became of an agent for which nothing was to be done, or nothing may be. */
export function ensuredBy(agent: Agent, need: Exclude<Need, { is: 'start' }>): Ensured {
  const session = sessionOf(agent);
  if (need.is === 'running')
    return { agent, session: need.finding.session, result: 'running', code: null, error: null, hint: null };
  return { agent, session, result: 'refused', code: need.code, error: need.why, hint: need.hint };
}

function isDown({ id }: Agent, { sight }: Hand): boolean {
  const { holds } = sight.snapshot;
  return holds.known && holds.value.some(({ kind, target }) => kind === 'shutdown' && target === id);
}

function down({ id }: Agent): Extract<Need, { is: 'refused' }> {
  return { is: 'refused', code: 'down', why: 'it was told to stay down', hint: `gt resume ${id}` };
}

/** The failure of one agent that was to run and does not; null when it runs. */
export function failureOfStart({ agent, result, code, error, hint }: Ensured): Failure | null {
  if (result !== 'refused' && result !== 'failed') return null;
  const missing = code === 'program-missing' || code === 'tmux';
  const exit = missing
    ? exitStatus.unavailable
    : code === 'runtime-unknown'
      ? exitStatus.config
      : code === 'not-allowed'
        ? exitStatus.permission
        : exitStatus.failed;
  return new Failure(code ?? 'failed', exit, `${agent.id} was not started: ${error ?? ''}`, hint);
}
