import type { Agent, AgentId } from '../model/agent.ts';
import type { Fact } from '../model/fact.ts';
import type { Pane, Tmux } from '../model/pane.ts';
import type { Liveness } from '../model/plan.ts';
import { isShell } from '../model/shells.ts';
import type { Program } from '../model/snapshot.ts';
import type { AgentMemory } from '../model/state.ts';
import { sessionOf } from '../town/identity.ts';

/** The panes of a server, looked up once per pass. */
export interface PaneIndex {
  readonly serverPid: number;
  readonly bySession: ReadonlyMap<string, readonly Pane[]>;
  /** Panes of sessions that carry this town's mark, by the agent the mark names. */
  readonly byAgent: ReadonlyMap<AgentId, readonly Pane[]>;
  readonly byPane: ReadonlyMap<string, Pane>;
}

export function indexPanes(tmux: Fact<Tmux>, town: string): PaneIndex {
  const bySession = new Map<string, Pane[]>();
  const byAgent = new Map<AgentId, Pane[]>();
  const byPane = new Map<string, Pane>();
  const running = tmux.known && tmux.value.kind === 'running' ? tmux.value : null;
  for (const pane of running?.panes ?? []) {
    add(bySession, pane.session, pane);
    if (pane.town === town && pane.agent !== null) add(byAgent, pane.agent, pane);
    byPane.set(pane.pane, pane);
  }
  return { serverPid: running?.pid ?? 0, bySession, byAgent, byPane };
}

function add(map: Map<string, Pane[]>, key: string, pane: Pane): void {
  const others = map.get(key);
  if (others === undefined) map.set(key, [pane]);
  else others.push(pane);
}

/** Where an agent is, and whether it lives. */
export interface Found {
  /** The session it was found in, or the one it would be started in. */
  readonly session: string;
  readonly liveness: Liveness;
  /** When its pane last printed something, milliseconds since 1970; null: it has none. */
  readonly output: number | null;
  /** It runs below a shell that we know nothing of. */
  readonly below: boolean;
}

/**
 * Is the agent alive? Only tmux and the process table say so; an agent is never dead because a name is strange
 * (design: what decides liveness). It is known by the mark on its session, whatever that is called by now; a session of
 * its name without this town's mark is somebody else's.
 */
export function findAgent(
  agent: Agent,
  tmux: Fact<Tmux>,
  index: PaneIndex,
  program: Program | undefined,
  started: AgentMemory['started'],
): Found {
  const session = sessionOf(agent);
  const at = (liveness: Liveness, where = session, found: Pane | null = null): Found => ({
    session: where,
    liveness,
    output: found === null ? null : found.activity * 1000,
    below: found !== null && liveness.is === 'alive' && isShell(found.command),
  });
  if (!tmux.known) return at({ is: 'unknown', reason: tmux.reason });
  const own = index.byAgent.get(agent.id) ?? [];
  const pane = own.find((candidate) => candidate.pane === candidate.agentPane);
  if (pane !== undefined) {
    const launched = pane.launched || (started?.sighted !== true && isOurs(pane, started, index));
    return at(paneLiveness(pane, program, launched), pane.session, pane);
  }
  const moved = started === null ? undefined : index.byPane.get(started.pane);
  if (moved !== undefined && moved.dead === null && isOurs(moved, started, index)) {
    return at({ is: 'unknown', reason: `its pane ${moved.pane} was moved to the session ${moved.session}` });
  }
  const [first] = own;
  if (first === undefined) {
    const there = index.bySession.get(session)?.[0];
    return at(there === undefined ? { is: 'absent' } : { is: 'foreign', owner: there.town });
  }
  const [only, ...others] = own.filter((one) => one.dead === null && isRecognised(one, program));
  if (only !== undefined && others.length === 0)
    return at(paneLiveness(only, program, false), only.session, only);
  const reason = `session ${first.session} exists but the agent's own pane ${first.agentPane ?? '(none recorded)'} is gone`;
  return at({ is: 'unknown', reason }, first.session);
}

/** The very process that we started, or saw living, in that pane. */
function isOurs(pane: Pane, started: AgentMemory['started'], { serverPid }: PaneIndex): boolean {
  return started?.pane === pane.pane && started.panePid === pane.pid && started.serverPid === serverPid;
}

/**
 * An agent is its pane's own process, so while that process runs the agent does, shell script or not: `launched` says that
 * it is the one we started, which tmux tells even where our memory was lost. Otherwise a shell with nothing but shells below it is what an agent left behind.
 */
function paneLiveness(pane: Pane, program: Program | undefined, launched: boolean): Liveness {
  const { pane: id, pid: panePid, command, dead, descendants: below } = pane;
  if (dead !== null)
    return { is: 'dead', pane: id, panePid, status: dead.status, signal: dead.signal, at: dead.at };
  const alive = (shown: string): Liveness => {
    return { is: 'alive', pane: id, panePid, command: shown, recognised: isRecognised(pane, program) };
  };
  if (!isShell(command)) return alive(command);
  const working = below?.known ? below.value.find((process) => !isShell(process.command)) : undefined;
  if (working !== undefined) return alive(working.command);
  if (launched || program?.processes.includes(command) === true) return alive(command);
  if (below?.known) return { is: 'shell', pane: id, panePid, command, attached: pane.attached > 0 };
  return {
    is: 'unknown',
    reason: below?.reason ?? 'the pane shows a shell and nobody looked below it',
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
