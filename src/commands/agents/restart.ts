import type { StartAction } from '../../act/start.ts';
import { type Stop, stopAgents } from '../../act/stop-agents.ts';
import { recreate, start } from '../../model/action.ts';
import type { Agent } from '../../model/agent.ts';
import { fault } from '../../persist/fault.ts';
import { listPanes } from '../../tmux/panes.ts';
import { endShutdown } from '../../town/shutdown-hold.ts';
import { editing } from '../rigs/rig.ts';
import { openGate } from '../tick/gate-opened.ts';
import { carryOut, intend } from './deeds.ts';
import { type Ensured, type Ensuring, whoWaits } from './ensure.ts';
import { byHand, type Hand } from './hand.ts';
import { brakeOn } from './hand-brake.ts';
import { leaveTerminal } from './leave-terminal.ts';
import { refuseEnding } from './rights.ts';
import { findingOf, needOf, obstacleTo } from './startable.ts';

export interface Restarting extends Pick<Ensuring, 'at' | 'command' | 'context'> {
  /** Told when there is a session of it, before anything is ended. */
  readonly onThere?: () => void;
}

/** How long tmux may take to notice that a pane's process has ended. Milliseconds. */
const noticeMs = 3_000;

/**
 * Ends an agent and starts it again in its pane, by the same command as a first start; one that does not run is started.
 * What would keep the successor from starting, and whether the caller may, is found out before anybody is ended.
 */
export async function restartAgent(agent: Agent, restarting: Restarting): Promise<Ensured> {
  const { at, command, context } = restarting;
  refuseEnding([agent], at, context);
  return await byHand(at, command, context, (hand) => restart(agent, hand, restarting));
}

async function restart(
  agent: Agent,
  hand: Hand,
  { at, command, context, onThere }: Restarting,
): Promise<Ensured> {
  const { session, liveness } = findingOf(agent, hand);
  const common = { agent, session, hint: null };
  const lives = liveness.is === 'alive' || liveness.is === 'shell';
  const need = lives ? (obstacleTo(agent, hand) ?? brakeOn(agent, 'restart', hand)) : needOf(agent, hand);
  if (need?.is === 'refused')
    return { ...common, result: 'refused', code: need.code, error: need.why, hint: need.hint };
  if (liveness.is !== 'absent') onThere?.();
  await endShutdown(at, agent.id, editing(command, context));
  const closeGate = openGate(at);
  let action = need?.is === 'start' ? need.action : null;
  if (lives) {
    const { pane, panePid } = liveness;
    const takeBack = intend(hand, recreate({ agent, session }, liveness, 'asked', { found: liveness.is }));
    const stop: Stop = { agent, session, pane, panePid, keepPane: true };
    const trouble = (await stopAgents([stop], hand.world, leaveTerminal)).get(stop) ?? null;
    if (trouble !== null) {
      takeBack();
      return { ...common, result: 'failed', code: 'survived', error: trouble };
    }
    fault('act.killed');
    action = await successor(stop, hand);
  }
  if (action === null)
    return {
      ...common,
      result: 'failed',
      code: 'tmux',
      error: 'its pane did not become free; the next tick goes on',
    };
  const [outcome] = await carryOut(hand, [action], lives ? 'restart' : 'start');
  if (outcome?.result !== 'ok')
    return {
      ...common,
      result: 'failed',
      code: outcome?.reason ?? 'failed',
      error: outcome?.error ?? 'nothing was reported about it',
      hint: 'gt status',
    };
  closeGate();
  const waiting = await whoWaits([agent], [outcome], hand);
  return {
    ...common,
    result: lives ? 'recreated' : 'started',
    code: null,
    error: waiting.get(agent.id) ?? outcome.error,
  };
}

/** Where the next one goes: the pane its predecessor left, or a new session when that is gone. Null: neither in time. */
async function successor({ agent, session, pane }: Stop, { world }: Hand): Promise<StartAction | null> {
  const whom = { agent, session };
  const end = world.now() + noticeMs;
  for (;;) {
    const listed = await listPanes(world.client);
    if (listed.known) {
      const panes = listed.value.kind === 'absent' ? [] : listed.value.panes;
      const there = panes.filter((one) => one.session === session);
      if (there.length === 0) return start(whom, 'asked', {});
      const left = there.find((one) => one.pane === pane && one.dead !== null);
      if (left !== undefined) return recreate(whom, { pane, panePid: left.pid }, 'asked', {});
    }
    if (world.now() > end) return null;
    await world.pause(50);
  }
}
