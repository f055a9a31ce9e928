import type { AgentId } from './agent.ts';
import type { BillLine, NightBill } from './bill.ts';
import type { Blockage, Brake, Ladder, Misprimed, WorkMemory } from './brake.ts';
import type { Condition } from './condition.ts';
import type { Action } from './plan.ts';

/** A moment on both time lines. `awake` is the town's own: milliseconds awake since its first pass. */
export interface Moment {
  /** RFC 3339, for people. */
  readonly at: string;
  readonly awake: number;
}

/** How patient we are with one agent's silence (spec/tick.md §5.1). */
export interface Backoff {
  readonly intervalMs: number;
  readonly misses: number;
  readonly lastPoke: Moment | null;
}

/** The one heartbeat nudge an agent may have pending. */
export interface Slot {
  readonly sent: Moment;
  readonly consumed: boolean;
  readonly text: string;
  /** The text was seen in the composer and never left it: the next pass finishes it. */
  readonly stranded: boolean;
}

/** What the tick remembers of one agent between passes. */
export interface AgentMemory {
  /** Its present process: when we started it or, where somebody else did, first saw it. Null: never seen alive. */
  readonly started:
    | (Moment & {
        readonly pane: string;
        readonly panePid: number;
        readonly serverPid: number;
        /** The process is a shell of somebody else's, below which the agent was seen. */
        readonly sighted?: true;
        /** We started it ourselves, as far as anybody started it. */
        readonly ours?: true;
        /** It has shown life as itself since. */
        readonly reported?: true;
      })
    | null;
  /** Passes in a row that saw a bare shell in its pane. */
  readonly shellSightings: number;
  /** Since when it has not been well: wanted and not alive, or its liveness could not be found out. */
  readonly troubleSince: string | null;
  readonly backoff: Backoff | null;
  readonly slot: Slot | null;
  /** Index of the last message of the day it was sent. */
  readonly lastMessage: number | null;
  /** Nudges put off since the last delivered one, and why the last one was. */
  readonly deferrals: { readonly count: number; readonly reason: string; readonly since: string } | null;
  /** A future stamp it left, and when we first saw it: such a stamp ages from then. */
  readonly futureStamp: { readonly stamp: number; readonly seen: Moment } | null;
  /** How its last process ended. */
  readonly lastDeath: {
    readonly at: string;
    readonly status: number | null;
    readonly signal: string | null;
  } | null;
  /** What slows its starts down; null: nothing does. */
  readonly brake: Brake | null;
  /** How far its silence over hooked work has been pursued; null: it shows life, or nothing is on its hook. */
  readonly ladder: Ladder | null;
  /** What its screen says keeps it from working; null: nothing, as far as anybody looked. */
  readonly blocked: Blockage | null;
  /** It runs and has not reported as itself, though its hooks should have (design/failures.md F85); null: nothing of the kind. */
  readonly misprimed: Misprimed | null;
  /** Our last start or nudge that no sign of life has followed yet. */
  readonly touched: Moment | null;
}

/** Actions that were decided and saved but whose outcome was never saved: the pass was interrupted. */
export interface Intent {
  readonly pass: string;
  readonly at: string;
  readonly actions: readonly Action[];
}

/** The reading of the clocks at the end of the last pass, and the town's own awake time then. */
export interface ClockMemory {
  readonly wall: number;
  readonly awake: number;
  readonly uptime: number;
  readonly boot: string;
  readonly townAwake: number;
  /** Stamps older than this count from here: milliseconds since 1970 of the last gap's end. */
  readonly agesFrom: number;
}

/** The tmux server the town lives in. */
export interface Home {
  readonly socket: string;
  readonly serverPid: number;
  /** Seconds since 1970. */
  readonly serverStarted: number;
}

/** A lifecycle request we decided to carry out and have not heard the end of. */
export interface Claim {
  readonly message: string;
  readonly agent: AgentId;
  /** The agent's process at that time; null: it had none. */
  readonly panePid: number | null;
}

/** Everything the tick remembers. Upstream's keys first (spec/tick.md §2.4), then ours. */
export interface State {
  readonly running: boolean;
  readonly pid: number;
  readonly startedAt: string | null;
  readonly lastHeartbeat: string | null;
  readonly heartbeatCount: number;
  readonly clock: ClockMemory | null;
  readonly home: Home | null;
  /** Names of the rigs as last read: what is kept while `mayor/rigs.json` cannot be read. */
  readonly rigs: readonly string[];
  readonly agents: Readonly<Record<AgentId, AgentMemory>>;
  /** Requests under way, until they are settled: what tells a finished one from one that was never begun. */
  readonly claims: readonly Claim[];
  /** All hooked work, and at most 200 pieces more over which polecats died. */
  readonly work: readonly WorkMemory[];
  /** The ledger of what is wrong and who was told; at most 200. */
  readonly conditions: readonly Condition[];
  /** The last seven days. */
  readonly bill: readonly BillLine[];
  readonly night: NightBill | null;
  readonly intent: Intent | null;
}

export const noMemory: AgentMemory = {
  started: null,
  shellSightings: 0,
  troubleSince: null,
  backoff: null,
  slot: null,
  lastMessage: null,
  deferrals: null,
  futureStamp: null,
  lastDeath: null,
  brake: null,
  ladder: null,
  blocked: null,
  misprimed: null,
  touched: null,
};

export const firstState: State = {
  running: false,
  pid: 0,
  startedAt: null,
  lastHeartbeat: null,
  heartbeatCount: 0,
  clock: null,
  home: null,
  rigs: [],
  agents: {},
  claims: [],
  work: [],
  conditions: [],
  bill: [],
  night: null,
  intent: null,
};
