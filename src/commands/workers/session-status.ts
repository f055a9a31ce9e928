import type { Agent } from '../../model/agent.ts';
import type { Pane } from '../../model/pane.ts';
import { jsonText } from '../../show/json.ts';
import { lengthOf, momentText } from '../../show/time.ts';
import { sessionOf } from '../../town/identity.ts';
import type { Context } from '../context.ts';
import { lookAtTown, type TownSeen, unable } from '../pane-teller.ts';
import { endSeen } from '../unseen.ts';
import { isAlive, isRunning, paneSeen, sessionAsked } from './worker-desk.ts';

export interface SessionStatusOptions {
  readonly town?: string | undefined;
  readonly target: string;
  readonly json?: boolean | undefined;
}

/** `gt session status R/N` (spec/agents.md §1.6). Exit 0 whether it runs or not; 69 where tmux cannot be asked. */
export async function sessionStatusCommand(
  { town, target, json = false }: SessionStatusOptions,
  context: Context,
): Promise<number> {
  const seen = await lookAtTown(town, context, { reading: true });
  const agent = sessionAsked(target, seen, context);
  const pane = paneSeen(agent, seen);
  const session = seen.findings.get(agent.id)?.session ?? sessionOf(agent);
  context.stdout(
    json
      ? jsonText(document(agent, session, pane, seen))
      : text(agent, session, pane, seen, new Date(seen.sight.snapshot.now.wall)),
  );
  return endSeen(seen.sight.snapshot, context);
}

function document(agent: Agent, session: string, pane: Pane | null, seen: TownSeen): object {
  const running = isRunning(agent, seen);
  return {
    schema: 'gt.session.status/1',
    rig: 'rig' in agent ? agent.rig : null,
    polecat: agent.role === 'polecat' ? agent.name : null,
    session_id: session,
    running,
    attached: running === null ? null : (pane?.attached ?? 0) > 0,
    created_at: pane === null ? null : new Date(pane.created * 1000).toISOString(),
    agent: agent.id,
    role: agent.role,
    agent_alive: isAlive(agent, seen),
    liveness: seen.findings.get(agent.id)?.liveness ?? null,
  };
}

function text(agent: Agent, session: string, pane: Pane | null, seen: TownSeen, now: Date): string {
  const address = shortAddress(agent);
  const unknown = isAlive(agent, seen) === null;
  const lines = [
    `📺 Session: ${address}`,
    '',
    `  State: ${pane !== null ? '● running' : unknown ? '? unknown' : '○ stopped'}`,
    `  Session ID: ${session}`,
  ];
  if (pane === null) return `${[...lines, ...(unknown ? [agentLine(agent, seen)] : [])].join('\n')}\n`;
  const created = new Date(pane.created * 1000);
  return `${[
    ...lines,
    agentLine(agent, seen),
    `  Attached: ${pane.attached > 0 ? 'yes' : 'no'}`,
    `  Created: ${momentText(created, now)}`,
    `  Uptime: ${lengthOf(now.getTime() - created.getTime())}`,
    '',
    `Attach with: gt session at ${address}`,
  ].join('\n')}\n`;
}

function agentLine(agent: Agent, seen: TownSeen): string {
  const finding = seen.findings.get(agent.id);
  const alive = finding?.liveness.is === 'alive';
  return `  Agent: ${alive ? 'alive' : unable(finding).sentence}`;
}

/** As upstream writes it: a polecat without its directory. */
export function shortAddress(agent: Agent): string {
  return agent.role === 'polecat' ? `${agent.rig}/${agent.name}` : agent.id;
}
