import { perform } from '../../act/perform.ts';
import { settle } from '../../decide/settle.ts';
import { exitStatus } from '../../exit.ts';
import type { Agent } from '../../model/agent.ts';
import type { Action, Outcome, Plan } from '../../model/plan.ts';
import { type AgentMemory, noMemory, type State } from '../../model/state.ts';
import { appendEvent } from '../../persist/events.ts';
import { readRun } from '../../persist/run-file.ts';
import { saveState } from '../../persist/state.ts';
import { complaintsOf, eventsOf } from '../../show/pass-events.ts';
import { clockOf, reportOf } from '../decision.ts';
import { recordPass } from '../pass-record.ts';
import { decidedOf, type Hand } from './hand.ts';

/**
 * Starts agents and remembers it as a pass would: what is planned is saved before the first effect, the newborn's grace
 * counts from here, and the events and the pass can be looked up afterwards. Agents that nobody asked for are
 * remembered as they were: this was no sighting of them.
 */
export async function carryOut(hand: Hand, actions: readonly Action[]): Promise<readonly Outcome[]> {
  if (actions.length === 0) return [];
  const { at, order, loaded, sight } = hand;
  const plan = planOf(hand, actions);
  hand.kept = saveState(at, { ...plan.state, running: true, pid: process.pid }, hand.kept);
  const outcomes = await perform(actions, hand.world);
  const finishedAt = clockOf(order, sight).toISOString();
  hand.state = noHeartbeat(settle(loaded.state, plan, outcomes, finishedAt), hand);
  hand.kept = saveState(at, hand.state, hand.kept);
  const failed = outcomes.some(({ result }) => result === 'failed');
  const report = reportOf(
    order,
    decidedOf(hand, plan),
    outcomes,
    failed ? exitStatus.failed : exitStatus.done,
  );
  const last = readRun(at);
  const before = complaintsOf(last.kind === 'ok' ? last.value : { warnings: [], actions: [], notes: [] });
  const { runtimes: _runtimes, rigs: _rigs, ...config } = sight.config;
  recordPass(at, {
    report,
    events: eventsOf(report, before, report.finished_at ?? finishedAt),
    document: {
      schema: 'gt.pass/1',
      report,
      snapshot: sight.snapshot,
      state: loaded.state,
      config,
      plan,
      outcomes,
    },
    now: order.now,
    dueAt: null,
    heartbeat: false,
    tick: sight.config.tick,
  });
  return outcomes;
}

/** Remembers that these agents were ended by somebody's command, and notes it among the events. */
export function forget(hand: Hand, agents: readonly Agent[], command: string, by: string): void {
  if (agents.length === 0) return;
  const { at, order, sight } = hand;
  const all: Record<string, AgentMemory> = { ...hand.state.agents };
  for (const { id } of agents) all[id] = forgotten(all[id] ?? noMemory);
  hand.state = { ...hand.state, agents: all };
  hand.kept = saveState(at, hand.state, hand.kept);
  const now = clockOf(order, sight).toISOString();
  for (const { id } of agents) {
    const text = `${id} was stopped by ${by} (${command})`;
    appendEvent(
      at,
      { at: now, kind: 'stop', agent: id, pass: null, text, evidence: { command, by } },
      { rotate: true },
    );
  }
}

/** Nothing that was known of a process that was ended on purpose counts for the next one. */
function forgotten({ lastMessage, futureStamp, lastDeath }: AgentMemory): AgentMemory {
  return { ...noMemory, lastMessage, futureStamp, lastDeath };
}

/**
 * A restart by hand is no crash, and a person's word outweighs the brake: should we be killed half-way, the next tick
 * starts the agent at once.
 */
export function releaseBrake(hand: Hand, { id }: Agent): void {
  const memory = hand.state.agents[id];
  if (memory === undefined || memory.brake === null) return;
  hand.state = { ...hand.state, agents: { ...hand.state.agents, [id]: { ...memory, brake: null } } };
  hand.kept = saveState(hand.at, hand.state, hand.kept);
}

function planOf(hand: Hand, actions: readonly Action[]): Plan {
  const { plan, pass, state } = hand;
  const agents = { ...state.agents };
  for (const { agent } of actions) {
    const memory = plan.state.agents[agent];
    if (memory !== undefined) agents[agent] = { ...memory, brake: null };
  }
  const at = new Date(hand.order.now.wall).toISOString();
  return { ...plan, actions, state: { ...state, agents, intent: { pass, at, actions } } };
}

function noHeartbeat(state: State, { loaded }: Hand): State {
  const { lastHeartbeat, heartbeatCount } = loaded.state;
  return { ...state, lastHeartbeat, heartbeatCount };
}
