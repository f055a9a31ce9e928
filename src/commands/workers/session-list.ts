import { exitStatus } from '../../exit.ts';
import type { Agent } from '../../model/agent.ts';
import { jsonText } from '../../show/json.ts';
import { table } from '../../show/table.ts';
import { sessionOf } from '../../town/identity.ts';
import type { Context } from '../context.ts';
import { lookAtTown, type TownSeen } from '../pane-teller.ts';
import { refuseUnseen } from '../unseen.ts';
import { isAlive, paneSeen, rigsAsked, rigsSeen } from './worker-desk.ts';

export interface SessionListOptions {
  readonly town?: string | undefined;
  readonly rig?: string | undefined;
  readonly json?: boolean | undefined;
}

/**
 * `gt session list [--rig R] [--json]` (spec/agents.md §1.6): the agents' sessions that are there, of one rig or of the whole town. `polecat` names
 * polecats alone; who the others are, `role` and `agent` say. `running`: the session is there; `agent_alive`: the agent is.
 * Where tmux cannot be asked there is no list, not an empty one: 69.
 */
export async function sessionListCommand(
  { town, rig, json = false }: SessionListOptions,
  context: Context,
): Promise<number> {
  const seen = await lookAtTown(town, context, { reading: true });
  const rigs = rig === undefined ? rigsSeen(seen) : rigsAsked(rig, seen, context);
  refuseUnseen(seen.sight.snapshot);
  const names = new Set(rigs.map(({ name }) => name));
  const agents = seen.sight.snapshot.agents.filter(
    (agent) => ('rig' in agent ? names.has(agent.rig) : rig === undefined) && paneSeen(agent, seen) !== null,
  );
  if (json) context.stdout(jsonText(agents.map((agent) => listed(agent, seen))));
  else if (agents.length === 0) context.stdout('No active sessions.\n');
  else
    context.stdout(
      `${['Active Sessions', '', ...table(agents.map((agent) => row(agent, seen)))].join('\n')}\n`,
    );
  return exitStatus.done;
}

function listed(agent: Agent, seen: TownSeen): object {
  return {
    rig: 'rig' in agent ? agent.rig : null,
    polecat: agent.role === 'polecat' ? agent.name : null,
    session_id: seen.findings.get(agent.id)?.session ?? sessionOf(agent),
    running: true,
    agent: agent.id,
    role: agent.role,
    agent_alive: isAlive(agent, seen),
  };
}

function row(agent: Agent, seen: TownSeen): readonly string[] {
  const alive = isAlive(agent, seen);
  const mark = alive === null ? '?' : alive ? '●' : '✗';
  const session = seen.findings.get(agent.id)?.session ?? sessionOf(agent);
  return [`  ${mark}`, agent.id, session, alive === false ? 'agent not running' : ''];
}
