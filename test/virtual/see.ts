import type { Agent } from '../../src/model/agent.ts';
import { type Fact, known, unknown } from '../../src/model/fact.ts';
import type { Instant } from '../../src/model/instant.ts';
import type { Pane as SeenPane, Tmux } from '../../src/model/pane.ts';
import type {
  HookedWork,
  KeeperMail,
  Obstacle,
  Program,
  SignsOfLife,
  Snapshot,
} from '../../src/model/snapshot.ts';
import type { State } from '../../src/model/state.ts';
import { knownAgents } from '../../src/observe/agents.ts';
import { awakeOf, type Pane, type Probe, socket, town, type World, wallOf } from './world.ts';

/** The clocks as a pass reads them. */
export function instantOf(world: World): Instant {
  const { clock } = world;
  return {
    wall: wallOf(world),
    awake: awakeOf(world),
    uptime: clock.elapsed - clock.bootedAt,
    boot: `boot-${clock.boot}`,
  };
}

/**
 * What a pass sees of the world: the only place that builds a snapshot, as `src/observe` does from real files and tmux.
 * Whatever does not answer at present is unknown.
 */
export function see(world: World, state: State): Snapshot {
  const rigs = factOf(world, 'rigs', () => world.rigs);
  const tmux = factOf(world, 'tmux', () => tmuxOf(world));
  const keeper = factOf(world, 'keeper', () => keeperOf(world));
  const agents = rigs.known ? world.agents : knownAgents(rigs, state.rigs, town, tmux);
  return {
    town,
    now: instantOf(world),
    obstacles: obstaclesOf(world, tmux, state),
    tmux,
    rigs,
    agents,
    holds: factOf(world, 'holds', () => holdsNow(world)),
    signs: signsOf(world, agents),
    activity: factOf(world, 'activity', () => world.activity),
    programs: programsOf(world, agents),
    machine: { loadPerCpu: known(world.overloaded > 0 ? 99 : 1), freeMemory: unknown('nobody asks') },
    hooked: keeper.known ? known(hookedIn(world)) : keeper,
    records: keeper.known ? known({}) : keeper,
    waiting: keeper.known ? waitingOf(world) : {},
    keeper,
    flags: flagsOf(world, agents, keeper),
    warnings: [],
  };
}

function factOf<T>({ broken }: World, probe: Probe, read: () => T): Fact<T> {
  return broken[probe] > 0 ? unknown(`${probe} cannot be read`) : known(read());
}

function tmuxOf(world: World): Tmux {
  const { server } = world;
  if (server === null) return { kind: 'absent', socket };
  server.seen = true;
  const { pid, started } = server;
  return { kind: 'running', socket, pid, started, panes: server.panes.map((pane) => seenPane(pane, world)) };
}

function seenPane(pane: Pane, { broken }: World): SeenPane {
  const shell = pane.runs === 'shell' || pane.runs === 'wrapped';
  const below = pane.runs === 'wrapped' ? [{ pid: pane.pid + 1, command: 'stand-in' }] : [];
  return {
    session: pane.session,
    pane: pane.pane,
    pid: pane.pid,
    command: shell ? 'bash' : 'stand-in',
    columns: 200,
    rows: 50,
    dead: pane.dead,
    attached: pane.attached,
    inMode: pane.inMode,
    created: 0,
    activity: Math.floor(pane.output / 1000),
    town: pane.town,
    agent: pane.agent,
    agentPane: pane.agentPane,
    launched: false,
    descendants: !shell ? null : broken.below > 0 ? unknown('below cannot be read') : known(below),
  };
}

/** As `findHomeObstacle` does: a town that lives on a server nobody can reach must not be started a second time. */
function obstaclesOf({ lost }: World, tmux: Fact<Tmux>, { home }: State): readonly Obstacle[] {
  if (!tmux.known) return [{ code: 'tmux-not-answering', message: tmux.reason, exit: 69 }];
  if (home === null || (tmux.value.kind === 'running' && tmux.value.pid === home.serverPid)) return [];
  return lost.some(({ pid }) => pid === home.serverPid)
    ? [{ code: 'socket-vanished', message: 'the socket is gone', exit: 69 }]
    : [];
}

export function holdsNow(world: World): World['holds'] {
  return world.holds.filter(({ until }) => until === null || Date.parse(until) > wallOf(world));
}

function signsOf(world: World, agents: readonly Agent[]): Snapshot['signs'] {
  const signs: Record<string, SignsOfLife> = {};
  for (const { id, role } of agents) {
    const poked = role === 'deacon' || role === 'mayor' || role === 'witness';
    if (!poked && !world.work.some(({ agent }) => agent === id)) continue;
    const { stamp = null, awaits = null } = world.conduct.get(id) ?? {};
    signs[id] = { stamp: factOf(world, 'signs', () => stamp), ...(awaits === null ? {} : { awaits }) };
  }
  return signs;
}

const program: Program = {
  runtime: 'stand-in',
  program: 'stand-in',
  found: '/bin/stand-in',
  processes: ['stand-in'],
};
const missing: Program = { ...program, found: null };

function programsOf(world: World, agents: readonly Agent[]): Snapshot['programs'] {
  const programs: Record<string, Program> = {};
  for (const { id } of agents)
    programs[id] = world.conduct.get(id)?.program === 'missing' ? missing : program;
  return programs;
}

export function hookedIn({ work }: World): readonly HookedWork[] {
  return work.map(({ id, agent, since }) => ({ id, title: `work ${id}`, agent, since }));
}

function waitingOf({ unread }: World): Snapshot['waiting'] {
  return Object.fromEntries([...unread].flatMap(([id, mail]) => (mail === 0 ? [] : [[id, { mail }]])));
}

function keeperOf({ mail }: World): KeeperMail {
  return {
    waiting: mail.filter(({ at }) => at === 'waiting').map(({ message }) => message),
    claimed: mail.filter(({ at }) => at === 'claimed').map(({ message }) => message),
  };
}

/** Read only while somebody asks for something. */
function flagsOf(world: World, agents: readonly Agent[], keeper: Fact<KeeperMail>): Snapshot['flags'] {
  const asked = keeper.known && world.mail.some(({ kind, at }) => kind === 'request' && at !== 'settled');
  if (!asked) return {};
  return Object.fromEntries(
    agents.map(({ id }) => [id, factOf(world, 'flags', () => [...(world.flags.get(id) ?? [])])]),
  );
}
