import type { Agent, AgentId } from './agent.ts';
import type { AgentRecord } from './agent-record.ts';
import type { Fact } from './fact.ts';
import type { Instant } from './instant.ts';
import type { Machine } from './machine.ts';
import type { Message } from './message.ts';
import type { Tmux } from './pane.ts';
import type { RequestAction } from './request.ts';
import type { Hold, Rig } from './rig.ts';

/** Something that keeps this pass from acting at all. Each names what was found and what to do about it. */
export interface Obstacle {
  readonly code: 'go-daemon' | 'socket-vanished' | 'socket-moved' | 'tmux-missing' | 'tmux-not-answering';
  readonly message: string;
  /** The exit status of a pass that met it. */
  readonly exit: number;
}

/** What an agent left to show that it lives. Times are milliseconds since 1970. */
export interface SignsOfLife {
  /** The newest stamp the agent wrote itself: its heartbeat or keepalive file. Null: it never wrote one. */
  readonly stamp: Fact<number | null>;
  /** Where the newest stamp was made; missing: it does not say. */
  readonly pane?: StampedIn;
  /** A wait it has declared: when it said so, and until when. */
  readonly awaits?: { readonly since: number; readonly until: number };
}

/** A tmux pane, and the process id of its server: another server has a pane of the same name. */
export interface StampedIn {
  readonly pane: string;
  readonly server: number;
}

/** What is known of an agent that ought to have reported by now and has not. */
export interface FirstSign {
  /** The settings of its work directory call us when it starts. */
  readonly hooks: boolean;
  /** Who it says it is: the agent in whose name a command in its pane has left a stamp since. Null: nobody else. */
  readonly as: AgentId | null;
}

/** Mail for the keeper itself: lifecycle requests and timers (spec/agents.md §2.8). */
export interface KeeperMail {
  /** Waiting, oldest first. */
  readonly waiting: readonly Message[];
  /** Claimed by a pass that did not get to settle them. */
  readonly claimed: readonly Message[];
}

/** Whatever could be waiting for an agent. */
export interface Waiting {
  readonly mail: number;
}

/** A piece of work on an agent's hook. What is closed or was never there is not among them. */
export interface HookedWork {
  readonly id: string;
  /** Bounded; for people. */
  readonly title: string;
  readonly agent: AgentId;
  /** RFC 3339; null when the store does not say. */
  readonly since: string | null;
}

/**
 * Everything a pass needs to decide, as one plain JSON value: stored with the pass, and enough to decide the same again.
 */
export interface Snapshot {
  /** Real path of the town root; the value of `@gt_town`. */
  readonly town: string;
  readonly now: Instant;
  readonly obstacles: readonly Obstacle[];
  readonly tmux: Fact<Tmux>;
  readonly rigs: Fact<readonly Rig[]>;
  /** Every agent that could exist in this town, in role order: deacon, mayor, then each rig's. */
  readonly agents: readonly Agent[];
  /** Holds in force at `now`; unknown when a hold file cannot be read (then nothing is started). */
  readonly holds: Fact<readonly Hold[]>;
  /**
   * By agent id: the roles that are poked, whoever has work on its hook and a pane that has been still for long, and
   * whoever runs hooks and has not reported since we started it.
   */
  readonly signs: Readonly<Record<AgentId, SignsOfLife>>;
  /** By agent id: those who were started a while ago, run hooks, and have not reported since. Missing: nobody. */
  readonly firstSigns?: Readonly<Record<AgentId, FirstSign>>;
  /** When somebody last worked here, milliseconds since 1970; null: no file. */
  readonly activity: Fact<number | null>;
  /** By agent id: what each would run, and where the program was found (null: nowhere). */
  readonly programs: Readonly<Record<AgentId, Program>>;
  /** Work on hooks, oldest first; unknown while the store does not answer, which is never "no work". */
  readonly hooked: Fact<readonly HookedWork[]>;
  /** Rigs whose own stores did not answer: what else hangs on hooks of their agents is unknown, which is never "no work". */
  readonly silentRigs?: readonly string[];
  /** By agent id: what agents wrote down about themselves. Advice. */
  readonly records: Fact<Readonly<Record<AgentId, AgentRecord>>>;
  /** How much room the machine has; missing: there was nobody to start or end. */
  readonly machine?: Machine;
  /** By agent id: unread mail. Agents without an entry have nothing waiting. */
  readonly waiting: Readonly<Record<AgentId, Waiting>>;
  /** What the mailbox of the keeper holds; unknown when the store does not answer. */
  readonly keeper: Fact<KeeperMail>;
  /** By agent id: what its `state.json` confirms that it asks for. Read only while requests wait. */
  readonly flags: Readonly<Record<AgentId, Fact<readonly RequestAction[]>>>;
  /** Files that were there and could not be used. */
  readonly warnings: readonly Warning[];
}

export interface Program {
  /** Name of the runtime preset or custom agent. */
  readonly runtime: string;
  readonly program: string;
  /** Absolute path, or null when it is nowhere on the search path. */
  readonly found: string | null;
  /** Process names that prove the agent is in the pane. */
  readonly processes: readonly string[];
  /** It runs hooks that can show that it lives. */
  readonly hooks?: true;
}

export interface Warning {
  readonly code: string;
  readonly message: string;
}
