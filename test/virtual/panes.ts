import type { AgentId } from '../../src/model/agent.ts';
import {
  broke,
  minuteOf,
  nextId,
  type Pane,
  type Process,
  type Server,
  town,
  type World,
  wallOf,
} from './world.ts';

/** Every server that lives, reachable or not. */
function servers({ server, lost }: World): readonly Server[] {
  return server === null ? lost : [server, ...lost];
}

/** The agent's living panes in sessions of this town, wherever they are: there must never be two. */
export function livingOf({ server, lost }: World, agent: AgentId): readonly Pane[] {
  const living: Pane[] = [];
  const look = ({ panes }: Server) => {
    for (const pane of panes) if (pane.process?.agent === agent && pane.town === town) living.push(pane);
  };
  if (server !== null) look(server);
  for (const one of lost) look(one);
  return living;
}

/** The pane the agent is known by on the server that answers. */
export function paneOf({ server }: World, agent: AgentId): Pane | undefined {
  return server?.panes.find(
    (pane) => pane.agent === agent && pane.town === town && pane.pane === pane.agentPane,
  );
}

export function serverOf(world: World): Server {
  world.server ??= { seen: false, pid: nextId(world), started: Math.floor(wallOf(world) / 1000), panes: [] };
  return world.server;
}

/** A session with the agent in it, as a start makes it. */
export function openPane(world: World, agent: AgentId, session: string): Pane {
  const id = nextId(world);
  const pane: Pane = {
    pane: `%${id}`,
    session,
    town,
    agent,
    agentPane: `%${id}`,
    pid: 0,
    attached: 0,
    output: wallOf(world),
    inMode: false,
    dead: null,
    runs: null,
    process: null,
    limited: false,
  };
  serverOf(world).panes.push(pane);
  return pane;
}

/** Runs the agent's program in the pane. A program that fails has ended when this returns. */
export function launch(world: World, pane: Pane, agent: AgentId, byHand = false): void {
  const program = world.conduct.get(agent)?.program ?? 'well';
  const [other] = livingOf(world, agent);
  if (other !== undefined && other !== pane)
    broke(world, 'no agent runs twice', `${agent} lives in ${other.pane} and is started in ${pane.pane}`);
  pane.pid = nextId(world);
  pane.limited = false;
  pane.inMode = false;
  pane.output = wallOf(world);
  if (program === 'fails' || program === 'missing') {
    pane.process = null;
    pane.runs = null;
    pane.dead = {
      status: program === 'missing' ? 127 : 1,
      signal: null,
      at: Math.floor(wallOf(world) / 1000),
    };
    return;
  }
  pane.dead = null;
  pane.runs = 'agent';
  pane.process = newborn(world, agent, { pid: pane.pid, byHand, brief: program === 'brief' });
  const conduct = world.conduct.get(agent);
  if (conduct !== undefined && conduct.rhythm !== null) conduct.stamp = wallOf(world);
}

function newborn(
  world: World,
  agent: AgentId,
  { pid, byHand, brief }: { readonly pid: number; readonly byHand: boolean; readonly brief: boolean },
): Process {
  return {
    pid,
    agent,
    byHand,
    born: world.clock.elapsed,
    composer: 'empty',
    face: 'prompt',
    hung: false,
    typed: null,
    ends: brief ? minuteOf(world) + 1 + (pid % 3) : null,
  };
}

/** The agent's process is over. What tmux shows of it then: a dead pane, a shell it was started from, or nothing. */
export function end(
  world: World,
  pane: Pane,
  how: { readonly status: number | null; readonly signal: string | null } = { status: 1, signal: null },
): void {
  pane.limited = pane.process?.face === 'limit';
  pane.process = null;
  if (pane.runs === 'wrapped') {
    pane.runs = 'shell';
    return;
  }
  pane.runs = null;
  pane.dead = { ...how, at: Math.floor(wallOf(world) / 1000) };
}

export function removePane(world: World, pane: Pane): void {
  for (const { panes } of servers(world)) {
    const at = panes.indexOf(pane);
    if (at >= 0) panes.splice(at, 1);
  }
  const { server } = world;
  if (server !== null && server.panes.length === 0) world.server = null;
}

/** One minute in the life of every agent: those that work say so, those whose end has come go. */
export function liveOneMinute(world: World): void {
  const now = minuteOf(world);
  for (const { panes } of servers(world)) {
    for (const pane of panes) {
      const { process } = pane;
      if (process === null) continue;
      if (process.ends !== null && now >= process.ends) {
        world.ledger.deaths += 1;
        end(world, pane);
        continue;
      }
      const conduct = world.conduct.get(process.agent);
      if (conduct === undefined || conduct.rhythm === null || process.hung) continue;
      if (now % conduct.rhythm !== 0) continue;
      conduct.stamp = wallOf(world);
      pane.output = conduct.stamp;
    }
  }
}

/** The agent reads a line: it shows life if it is one that answers. */
export function reads(world: World, process: Process): void {
  const conduct = world.conduct.get(process.agent);
  if (conduct?.answers === true && !process.hung) conduct.stamp = wallOf(world);
}
