import type { Agent } from '../model/agent.ts';
import type { Fact } from '../model/fact.ts';
import type { Pane, Tmux } from '../model/pane.ts';
import type { Liveness } from '../model/plan.ts';
import type { Program } from '../model/snapshot.ts';

/** What a pane shows when the agent has left it. Anything else in an agent's pane counts as an agent. */
const shells = ['sh', 'bash', 'zsh', 'fish', 'tcsh', 'csh', 'ksh', 'dash', 'ash'];

function isShell(command: string): boolean {
  return shells.includes(command.replace(/^-/, ''));
}

/** The panes of each session, looked up once per pass. */
export type Sessions = ReadonlyMap<string, readonly Pane[]>;

export function bySession(tmux: Fact<Tmux>): Sessions {
  const sessions = new Map<string, Pane[]>();
  if (!tmux.known || tmux.value.kind === 'absent') return sessions;
  for (const pane of tmux.value.panes) {
    const others = sessions.get(pane.session);
    if (others === undefined) sessions.set(pane.session, [pane]);
    else others.push(pane);
  }
  return sessions;
}

/**
 * Is the agent alive? Only tmux and the process table say so; an agent is never dead because a name is strange
 * (design: what decides liveness). A session without this town's mark is somebody else's.
 */
export function livenessOf(
  agent: Agent,
  session: string,
  town: string,
  tmux: Fact<Tmux>,
  sessions: Sessions,
  program: Program | undefined,
): Liveness {
  if (!tmux.known) return { is: 'unknown', reason: tmux.reason };
  const panes = sessions.get(session);
  const first = panes?.[0];
  if (panes === undefined || first === undefined) return { is: 'absent' };
  if (first.town !== town || first.agent !== agent.id) return { is: 'foreign', owner: first.town };
  const pane = panes.find((candidate) => candidate.pane === first.agentPane);
  if (pane !== undefined) return paneLiveness(pane, program);
  const moved = panes.filter((candidate) => candidate.dead === null && isRecognised(candidate, program));
  const [only, ...others] = moved;
  if (only !== undefined && others.length === 0) return paneLiveness(only, program);
  return {
    is: 'unknown',
    reason: `session ${session} exists but the agent's own pane ${first.agentPane ?? '(none recorded)'} is gone`,
  };
}

function paneLiveness(pane: Pane, program: Program | undefined): Liveness {
  const { pane: id, pid: panePid, command } = pane;
  if (pane.dead !== null) {
    return {
      is: 'dead',
      pane: id,
      panePid,
      status: pane.dead.status,
      signal: pane.dead.signal,
      at: pane.dead.at,
    };
  }
  if (!isShell(command))
    return {
      is: 'alive',
      pane: id,
      panePid,
      command,
      recognised: isRecognised(pane, program),
    };
  const below = pane.descendants;
  if (below === null || !below.known) {
    return {
      is: 'unknown',
      reason: below === null ? 'the pane shows a shell and nobody looked below it' : below.reason,
    };
  }
  const working = below.value.find((process) => !isShell(process.command));
  if (working === undefined)
    return {
      is: 'shell',
      pane: id,
      panePid,
      command,
      attached: pane.attached > 0,
    };
  return {
    is: 'alive',
    pane: id,
    panePid,
    command: working.command,
    recognised: isRecognised(pane, program),
  };
}

/** Does the pane, or a process below it, carry one of the runtime's names? A bare version number is Claude's. */
function isRecognised(pane: Pane, program: Program | undefined): boolean {
  if (program === undefined) return false;
  const names = [
    pane.command,
    ...(pane.descendants?.known ? pane.descendants.value.map((below) => below.command) : []),
  ];
  return names.some(
    (name) =>
      program.processes.includes(name) ||
      (program.processes.includes('claude') && /^\d+\.\d+\.\d+$/.test(name)),
  );
}
