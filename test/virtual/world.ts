import type { Due } from '../../src/due.ts';
import type { Agent, AgentId } from '../../src/model/agent.ts';
import type { Config } from '../../src/model/config.ts';
import type { Message } from '../../src/model/message.ts';
import type { PaneDeath } from '../../src/model/pane.ts';
import type { Action, Plan } from '../../src/model/plan.ts';
import type { RequestAction } from '../../src/model/request.ts';
import type { Hold, Rig } from '../../src/model/rig.ts';
import type { State } from '../../src/model/state.ts';
import { agentsOf } from '../../src/town/identity.ts';
import { config as given } from '../decide/given.ts';

/**
 * A town that exists only in memory: its clocks, tmux servers, agents, files and mail, as plain values that histories
 * change. The rules under test never see it, only the snapshot that `see.ts` makes of it.
 */
export interface World {
  readonly config: Config;
  readonly rigs: readonly Rig[];
  readonly agents: readonly Agent[];
  readonly clock: Clock;
  /** What answers at the town's socket; null: nothing. */
  server: Server | null;
  /** Servers that live and cannot be reached, because their socket was deleted. */
  readonly lost: Server[];
  readonly conduct: Map<AgentId, Conduct>;
  readonly disk: Disk;
  readonly mail: Mail[];
  /** Work on hooks, oldest first. */
  work: { readonly id: string; readonly agent: AgentId; readonly since: string }[];
  readonly unread: Map<AgentId, number>;
  readonly flags: Map<AgentId, Set<RequestAction>>;
  holds: Hold[];
  /** Milliseconds since 1970; null: there is no such file. */
  activity: number | null;
  /** Is somebody working here at present? */
  busy: boolean;
  /** What cannot be read or does not answer at present, and how many things make it so. */
  readonly broken: Record<Probe, number>;
  /** Nobody calls the tick at present. */
  paused: number;
  /** The machine has too much to do at present. */
  overloaded: number;
  /** Troubles of the next pass. */
  next: Trouble;
  /** Temporary things, by the minute they end in. */
  readonly endings: { readonly at: number; readonly end: () => void }[];
  readonly ledger: Ledger;
  ids: number;
  /** How long it took until everything ran again, once nothing happened any more. */
  recovered: { readonly minutes: number; readonly passes: number } | null;
}

export interface Clock {
  /** True milliseconds since the history began; everything else follows from it. */
  elapsed: number;
  /** What has been added to the wall clock. */
  stepped: number;
  /** True time at which this boot began, and how long it was suspended since. */
  bootedAt: number;
  suspended: number;
  boot: number;
  /** Suspended or switched off, over all boots. */
  sleptInAll: number;
}

export interface Server {
  /** Whether any pass has ever seen it: of one that nobody could reach before, nobody can know. */
  seen: boolean;
  readonly pid: number;
  readonly started: number;
  readonly panes: Pane[];
}

export interface Pane {
  readonly pane: string;
  session: string;
  town: string | null;
  agent: AgentId | null;
  agentPane: string | null;
  /** Changes when the pane gets another process. */
  pid: number;
  attached: number;
  /** When it last printed something, milliseconds since 1970. */
  output: number;
  inMode: boolean;
  dead: PaneDeath | null;
  /** `agent`: the agent itself; `wrapped`: below a shell; `shell`: a bare shell; null: the process has ended. */
  runs: 'agent' | 'wrapped' | 'shell' | null;
  process: Process | null;
  /** Its agent ended in front of a usage limit: that is what its last screen shows. */
  limited: boolean;
}

/** A living agent. */
export interface Process {
  readonly pid: number;
  readonly agent: AgentId;
  /** A person started it. */
  readonly byHand: boolean;
  /** True time of its birth. */
  readonly born: number;
  /** What stands in its composer: ours, a person's, or nothing. */
  composer: 'empty' | 'ours' | 'draft';
  /** What it shows instead of a prompt. */
  face: 'prompt' | 'busy' | 'dialog' | 'limit' | 'context';
  /** It does not read its keyboard. */
  hung: boolean;
  /** Awake time at which we last typed a line of the heartbeat. */
  typed: number | null;
  /** Minute in which it ends by itself. */
  ends: number | null;
}

/** How an agent's program behaves at present. */
export interface Conduct {
  /** `fails`: ends at once; `brief`: ends after some minutes; `missing`: is not installed. */
  program: 'well' | 'fails' | 'brief' | 'missing';
  /** Minutes between its signs of life by itself; null: it gives none. */
  rhythm: number | null;
  /** Does it show life when it is spoken to? */
  answers: boolean;
  /** Its newest stamp, milliseconds since 1970. */
  stamp: number | null;
  /** A wait it has declared, by the wall clock. */
  awaits: { readonly since: number; readonly until: number } | null;
}

export interface Disk {
  state: State | null;
  backup: State | null;
  /** What the next reading finds: nothing wrong, the state torn, or its backup as well. */
  torn: 0 | 1 | 2;
  due: Due | null;
}

export interface Mail {
  readonly message: Message;
  readonly kind: 'request' | 'timer' | 'spawn';
  readonly agent: AgentId;
  /** The process that asked for itself; null: somebody else asked, who means whatever runs. */
  readonly meant: number | null;
  at: 'waiting' | 'claimed' | 'settled';
  kills: number;
  wakes: number;
}

export type Probe = 'tmux' | 'rigs' | 'holds' | 'signs' | 'activity' | 'keeper' | 'flags' | 'below';

/** What happens to one pass. */
export interface Trouble {
  /** The tick is killed after so many steps; null: it is not. */
  readonly crash: number | null;
  /** In which order independent actions take effect. */
  readonly order: number;
  /** Its time is up after so many actions; null: it is not. */
  readonly slow: number | null;
  /** What changes between looking and acting. */
  readonly meanwhile: readonly (() => void)[];
}

/** Awake time over all boots. */
export function livedOf({ clock }: World): number {
  return clock.elapsed - clock.sleptInAll;
}

export const noTrouble: Trouble = { crash: null, order: 0, slow: null, meanwhile: [] };

/** What happened, and which laws were broken. */
export interface Ledger {
  readonly violations: string[];
  gates: number;
  passes: number;
  heartbeats: number;
  crashes: number;
  starts: number;
  failedStarts: number;
  kills: number;
  typed: number;
  deferred: number;
  settled: number;
  deaths: number;
  happened: number;
  /** Each line typed: true minutes and whom to. */
  readonly lines: { readonly minute: number; readonly agent: AgentId; readonly text: string }[];
  /** Starts by the tick that nobody asked for, since its state was last lost: awake time of all boots together. */
  readonly begun: Map<AgentId, number[]>;
  /** When the state was last lost, in awake time. */
  forgotten: number;
  /** Each notice delivered. */
  readonly notices: {
    readonly minute: number;
    readonly lived: number;
    readonly condition: string;
    readonly notice: string;
    readonly token: string;
    readonly to: string;
  }[];
  /** The plan of the last pass, and the awake moments at which passes began. */
  lastPlan: Plan | null;
  /** Awake time of this boot since which the town was watched without a gap, and the clock as the last pass saw it. */
  watchedSince: number;
  lastLook: Clock | null;
  /** When the gate last let a pass through. */
  lastGate: { readonly awake: number; readonly boot: number; readonly stepped: number } | null;
}

export const town = '/towns/virtual';
export const socket = '/tmp/tmux-0/virtual';
export const epoch = Date.parse('2026-03-01T00:00:00.000Z');
export const minute = 60_000;

export function newWorld(rigs: readonly Rig[], more: Partial<Config['tick']> = {}): World {
  const agents = agentsOf(rigs);
  return {
    config: {
      ...given,
      tick: { ...given.tick, machine: { maxLoadPerCpu: 32, minFreeMemory: null }, ...more },
    },
    rigs,
    agents,
    clock: { elapsed: 0, stepped: 0, bootedAt: -600 * minute, suspended: 0, boot: 1, sleptInAll: 0 },
    server: null,
    lost: [],
    conduct: new Map(
      agents.map(({ id }) => [id, { program: 'well', rhythm: 3, answers: true, stamp: null, awaits: null }]),
    ),
    disk: { state: null, backup: null, torn: 0, due: null },
    mail: [],
    work: [],
    unread: new Map(),
    flags: new Map(),
    holds: [],
    activity: epoch,
    busy: false,
    broken: { tmux: 0, rigs: 0, holds: 0, signs: 0, activity: 0, keeper: 0, flags: 0, below: 0 },
    paused: 0,
    overloaded: 0,
    next: noTrouble,
    endings: [],
    ledger: {
      violations: [],
      gates: 0,
      passes: 0,
      heartbeats: 0,
      crashes: 0,
      starts: 0,
      failedStarts: 0,
      kills: 0,
      typed: 0,
      deferred: 0,
      settled: 0,
      deaths: 0,
      happened: 0,
      lines: [],
      begun: new Map(),
      forgotten: 0,
      notices: [],
      lastPlan: null,
      watchedSince: 0,
      lastLook: null,
      lastGate: null,
    },
    ids: 1,
    recovered: null,
  };
}

export function nextId(world: World): number {
  world.ids += 1;
  return world.ids;
}

/** True minutes since the history began. */
export function minuteOf({ clock }: World): number {
  return Math.round(clock.elapsed / minute);
}

export function wallOf({ clock }: World): number {
  return epoch + clock.elapsed + clock.stepped;
}

/** Milliseconds this boot has been awake. */
export function awakeOf({ clock }: World): number {
  return clock.elapsed - clock.bootedAt - clock.suspended;
}

/** A law was broken: said once, with the minute. */
export function broke(world: World, law: string, detail: string): void {
  world.ledger.violations.push(`minute ${minuteOf(world)}: ${law}: ${detail}`);
}

export type ActionOf<K extends Action['kind']> = Extract<Action, { kind: K }>;
