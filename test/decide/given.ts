import { decide, type Manner } from '../../src/decide/decide.ts';
import { settle } from '../../src/decide/settle.ts';
import type { AgentId } from '../../src/model/agent.ts';
import type { Config } from '../../src/model/config.ts';
import { known } from '../../src/model/fact.ts';
import type { Instant } from '../../src/model/instant.ts';
import { draftWith, type Message } from '../../src/model/message.ts';
import type { Pane } from '../../src/model/pane.ts';
import type { Outcome, Plan } from '../../src/model/plan.ts';
import type { Rig } from '../../src/model/rig.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { firstState, type State } from '../../src/model/state.ts';
import { agentsOf } from '../../src/town/identity.ts';

export const minutes = (n: number): number => n * 60_000;
export const hours = (n: number): number => n * 3_600_000;
export const town = '/towns/one';
export const epoch = Date.parse('2026-03-01T12:00:00.000Z');

/** The clocks `elapsed` milliseconds after the epoch of these tests, machine awake all the time. */
export function clockAt(elapsed: number): Instant {
  return { wall: epoch + elapsed, awake: hours(10) + elapsed, uptime: hours(10) + elapsed, boot: 'boot-1' };
}

export const config: Config = {
  defaultAgent: 'stand-in',
  roleAgents: {},
  runtimes: {},
  tmux: { socket: 'test', tmpdir: null },
  path: [],
  tick: {
    everyMs: minutes(1),
    tiers: [
      { belowMs: minutes(5), intervalMs: minutes(5) },
      { belowMs: minutes(15), intervalMs: minutes(10) },
      { belowMs: minutes(45), intervalMs: minutes(30) },
      { belowMs: null, intervalMs: minutes(60) },
    ],
    staleMs: minutes(5),
    veryStaleMs: minutes(15),
    poke: {
      idle: 'when-needed',
      strategy: 'geometric',
      baseMs: minutes(5),
      capMs: minutes(30),
      factor: 1.5,
      slotMs: minutes(5),
    },
    newbornMs: minutes(5),
    keep: [],
    budgets: { starts: 5, kills: 3, nudges: 20, passMs: 45_000 },
    childTimeoutMs: 10_000,
    brakes: {
      firstMs: 30_000,
      capMs: minutes(10),
      deaths: 5,
      windowMs: minutes(15),
      openMs: hours(1),
      openCapMs: hours(4),
      healthyMs: minutes(30),
      workDeaths: 4,
      byHand: 2,
      requested: 6,
    },
    work: { staleMs: minutes(15), guppMs: minutes(30), last: 'tell' },
    spawnMs: minutes(5),
    alerts: { mail: true, command: [], status: true, remindMs: hours(24) },
    night: { from: 22 * 60, to: 7 * 60, starts: 200, nudges: 400 },
  },
};

export function rig(
  name: string,
  workers: { crew?: readonly string[]; polecats?: readonly string[] } = {},
): Rig {
  return { name, crew: workers.crew ?? [], polecats: workers.polecats ?? [] };
}

let panes = 0;

/** A healthy pane of this town's agent; what a test names is otherwise. */
export function paneOf(agent: AgentId, session: string, more: Partial<Pane> = {}): Pane {
  panes += 1;
  const pane = more.pane ?? `%${panes}`;
  return {
    session,
    pane,
    pid: 1000 + panes,
    command: 'stand-in',
    columns: 200,
    rows: 50,
    dead: null,
    attached: 0,
    inMode: false,
    created: epoch / 1000,
    activity: epoch / 1000,
    town,
    agent,
    agentPane: pane,
    launched: false,
    descendants: null,
    ...more,
  };
}

/** A message of the mayor in the deacon's box, sent at the epoch; what a test names is otherwise. */
export function messageWith(more: Partial<Message> = {}): Message {
  const draft = draftWith({ from: 'mayor/', to: 'deacon', subject: 'hello', body: '' });
  return { ...draft, id: 'gm-1', thread: 't', at: new Date(epoch).toISOString(), ...more };
}

export function running(...all: readonly Pane[]): Snapshot['tmux'] {
  return known({ kind: 'running', socket: '/tmp/tmux-0/test', pid: 77, started: epoch / 1000, panes: all });
}

/** A town with these rigs at a moment; nothing runs, nothing waits, everything could be found out. */
export function snapshotAt(elapsed: number, rigs: readonly Rig[], more: Partial<Snapshot> = {}): Snapshot {
  const agents = agentsOf(rigs);
  return {
    town,
    now: clockAt(elapsed),
    obstacles: [],
    tmux: known({ kind: 'absent', socket: '/tmp/tmux-0/test' }),
    rigs: known(rigs),
    agents,
    holds: known([]),
    signs: Object.fromEntries(
      agents
        .filter((agent) => agent.role === 'deacon' || agent.role === 'mayor' || agent.role === 'witness')
        .map((agent) => [agent.id, { stamp: known(null) }]),
    ),
    activity: known(epoch + elapsed),
    programs: Object.fromEntries(
      agents.map((agent) => [
        agent.id,
        { runtime: 'stand-in', program: 'stand-in', found: '/bin/stand-in', processes: ['stand-in'] },
      ]),
    ),
    hooked: known([]),
    records: known({}),
    waiting: {},
    keeper: known({ waiting: [], claimed: [] }),
    flags: {},
    warnings: [],
    ...more,
  };
}

export const manner = { pass: 'pass-1', careful: false, only: null, part: 'all' as const };

export function decideOn(snapshot: Snapshot, state: State = firstState, how: Partial<Manner> = {}): Plan {
  return decide(snapshot, state, config, { ...manner, ...how });
}

/** The plan carried out without any trouble. */
export function carryOut(
  plan: Plan,
  before: State,
  result: (action: string) => Partial<Outcome> = () => ({}),
): State {
  const outcomes = plan.actions.map((action): Outcome => {
    const started = action.kind === 'start' || action.kind === 'recreate';
    return {
      action: action.id,
      result: 'ok',
      error: null,
      reason: null,
      pane: started ? `%${action.agent}` : null,
      panePid: started ? 4000 : null,
      serverPid: started ? 77 : null,
      serverStarted: started ? epoch / 1000 : null,
      socket: started ? '/tmp/tmux-0/test' : null,
      ...result(action.id),
    };
  });
  return settle(before, plan, outcomes, plan.nextDueAt);
}

/** What a plan does to agents and requests: everything but notices. */
export function deedsOf(plan: Plan): Plan['actions'] {
  return plan.actions.filter(({ kind }) => kind !== 'alert');
}

export function actionsOf(plan: Plan): readonly string[] {
  return deedsOf(plan).map((action) => `${action.id} because ${action.why}`);
}

export function noteOf(plan: Plan, agent: AgentId): string | undefined {
  return plan.notes.find((note) => note.agent === agent)?.why;
}
