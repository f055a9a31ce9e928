import { perform } from '../../act/perform.ts';
import type { StartAction } from '../../act/start.ts';
import { betweenHeartbeats } from '../../decide/between-heartbeats.ts';
import { countNoDeath } from '../../decide/brake.ts';
import { settle } from '../../decide/settle.ts';
import { exitStatus } from '../../exit.ts';
import type { Agent } from '../../model/agent.ts';
import type { Action, Outcome, Plan } from '../../model/plan.ts';
import { type AgentMemory, noMemory } from '../../model/state.ts';
import { appendEvent } from '../../persist/events.ts';
import { saveState } from '../../persist/state.ts';
import { eventsOf } from '../../show/pass-events.ts';
import { clockOf, reportOf } from '../tick/decision.ts';
import { passDocument } from '../tick/pass-document.ts';
import { lastComplaints, recordPass } from '../tick/pass-record.ts';
import { decidedOf, type Hand } from './hand.ts';
import { brakeAfterStop, chargedWork, type Deed, spentOn } from './hand-brake.ts';

/**
 * Starts agents and remembers it as a pass would: what is planned is saved before the first effect, the newborn's grace
 * counts from here, and the events and the pass can be looked up afterwards. Agents that nobody asked for are
 * remembered as they were: this was no sighting of them.
 */
export async function carryOut(
  hand: Hand,
  actions: readonly Action[],
  deed: Deed = 'start',
): Promise<readonly Outcome[]> {
  if (actions.length === 0) return [];
  const { at, command, order, loaded, sight } = hand;
  const plan = planOf(hand, actions, deed);
  saveIntent(hand, plan, deed);
  const outcomes = await perform(actions, hand.world);
  const finishedAt = clockOf(order, sight).toISOString();
  hand.state = betweenHeartbeats(settle(loaded.state, plan, outcomes, finishedAt), loaded.state);
  hand.kept = saveState(at, hand.state, hand.kept);
  const failed = outcomes.some(({ result }) => result === 'failed');
  const decided = decidedOf(hand, plan);
  const report = reportOf(order, decided, outcomes, failed ? exitStatus.failed : exitStatus.done);
  recordPass(at, {
    report,
    events: eventsOf(report, lastComplaints(at), report.finished_at ?? finishedAt, order.part),
    document: passDocument(report, decided, outcomes, { only: null, part: order.part, byHand: command }),
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
  const before = hand.state.agents;
  const all: Record<string, AgentMemory> = { ...before };
  for (const { id } of agents)
    all[id] = { ...forgotten(all[id] ?? noMemory), brake: brakeAfterStop(id, hand) };
  hand.state = { ...hand.state, agents: all };
  hand.kept = saveState(at, hand.state, hand.kept);
  const now = clockOf(order, sight).toISOString();
  for (const { id } of agents) {
    const text = `${id} was stopped by ${by} (${command})`;
    const evidence = { command, by, started: before[id]?.started?.at ?? null };
    appendEvent(at, { at: now, kind: 'stop', agent: id, pass: null, text, evidence }, { rotate: true });
  }
}

/** Nothing that was known of a process that was ended on purpose counts for the next one. */
function forgotten({ lastMessage, futureStamp, lastDeath }: AgentMemory): AgentMemory {
  return { ...noMemory, lastMessage, futureStamp, lastDeath };
}

/**
 * Before an agent is ended for its successor: should we be killed half-way, the next heartbeat finds what was asked for and
 * finishes it, whoever the agent is, and its end is no crash. The result takes that back, where the agent could not be ended.
 */
export function intend(hand: Hand, action: StartAction): () => void {
  const before = hand.state;
  saveIntent(hand, planOf(hand, [action], 'restart'), 'restart');
  return () => {
    hand.kept = saveState(hand.at, before, hand.kept);
  };
}

function saveIntent(hand: Hand, { state, actions }: Plan, deed: Deed): void {
  const agents = { ...state.agents };
  if (deed === 'restart')
    for (const { agent } of actions) {
      const memory = agents[agent] ?? noMemory;
      agents[agent] = { ...memory, brake: countNoDeath(memory.brake) };
    }
  const begun = betweenHeartbeats({ ...state, agents }, hand.loaded.state);
  hand.kept = saveState(hand.at, { ...begun, running: true, pid: process.pid }, hand.kept);
}

function planOf(hand: Hand, actions: readonly Action[], deed: Deed): Plan {
  const { plan, pass, state, orderer } = hand;
  const acted = new Set(actions.map(({ agent }) => agent));
  const agents = { ...state.agents };
  for (const id of acted) agents[id] = spentOn(id, deed, hand);
  const at = new Date(hand.order.now.wall).toISOString();
  // What becomes of the deeds is dated by the clock as it is now.
  const { clock } = plan.state;
  const work = orderer.is === 'person' ? state.work : chargedWork(acted, hand);
  return { ...plan, actions, state: { ...state, clock, agents, work, intent: { pass, at, actions } } };
}
