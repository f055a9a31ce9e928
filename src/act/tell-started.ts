import { startupText } from '../agents/startup-text.ts';
import type { Agent } from '../model/agent.ts';
import { firstScreens } from './first-screen.ts';
import { type NudgeAction, nudgeAgents } from './nudge.ts';
import type { StartAction } from './start.ts';
import type { World } from './world.ts';

/** An agent that was just started, in its pane. */
export interface Started {
  readonly action: StartAction;
  readonly agent: Agent;
  readonly pane: string;
  readonly panePid: number;
}

/**
 * Types the start-up text to agents that were just started (spec/agents.md §1.0.6): all at once, as soon as each shows its
 * composer, by the careful typing of every nudge, and only this once. Gives the sentence of each that was not told, by
 * action; who was not is told no more, except that text left standing in a composer is submitted by the next nudge.
 */
export async function tellStarted(
  started: readonly Started[],
  world: World,
): Promise<ReadonlyMap<string, string>> {
  const waiting = await firstScreens(started, world);
  const actions = started
    .filter(({ agent }) => !waiting.has(agent.id))
    .map(
      ({ action, agent, pane, panePid }): NudgeAction => ({
        kind: 'nudge',
        id: action.id,
        agent: agent.id,
        session: action.session,
        pane,
        panePid,
        text: startupText(agent),
        finish: false,
        why: 'started',
        evidence: {},
      }),
    );
  const untold = (await nudgeAgents(actions, world)).filter(({ result }) => result !== 'ok');
  return new Map([
    ...started.flatMap(({ action, agent }) => {
      const why = waiting.get(agent.id);
      return why === undefined ? [] : [[action.id, sentence(why)] as const];
    }),
    ...untold.map(({ action, error, reason }) => [action, sentence(error ?? reason ?? 'unknown')] as const),
  ]);
}

function sentence(why: string): string {
  return `its start-up text was not submitted: ${why}`;
}
