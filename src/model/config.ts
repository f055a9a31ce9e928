import type { Fact } from './fact.ts';
import type { MachineLimits } from './machine.ts';

/** How one runtime (claude, codex, a custom program …) is started and recognised. */
export interface Runtime {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Process names that prove the agent is there. */
  readonly processes: readonly string[];
  /** `argument`: the start-up text is the last argument; `none`: the runtime takes none. */
  readonly prompt: 'argument' | 'none';
  /** What starts the composer's line on the screen, e.g. `❯` or `>`. Empty: unknown, any draft defers. */
  readonly composer: readonly string[];
  /** Screen text shown while the agent works. */
  readonly busy: readonly string[];
  /** Screen text shown when its context is full and it can not go on by itself. Missing or empty: not known. */
  readonly context?: readonly string[];
  /** Whose settings format it reads, so that hooks can be written for it. Missing: none is known. */
  readonly hooks?: 'claude' | 'none';
}

/** What a rig's own settings say about its agents' runtimes (spec/agents.md §6.3). */
export interface RigChoices {
  readonly agent: string | null;
  readonly roleAgents: Readonly<Record<string, string>>;
  readonly runtimes: Readonly<Record<string, Runtime>>;
}

/** The rules' numbers. Durations are milliseconds. */
export interface TickConfig {
  /** How often the scheduler calls us; half of it is the grace of every due time. */
  readonly everyMs: number;
  readonly tiers: readonly Tier[];
  readonly staleMs: number;
  readonly veryStaleMs: number;
  readonly poke: {
    readonly idle: 'when-needed' | 'always';
    readonly strategy: 'fixed' | 'geometric' | 'exponential';
    readonly baseMs: number;
    readonly capMs: number;
    readonly factor: number;
    readonly slotMs: number;
  };
  readonly newbornMs: number;
  /** What is done with an agent that never reported ready: only say so, or end it once for a fresh start. Missing: say so. */
  readonly misprimed?: 'tell' | 'restart';
  /** Roles kept running besides deacon and witnesses. */
  readonly keep: readonly ('mayor' | 'refinery')[];
  readonly budgets: {
    readonly starts: number;
    readonly kills: number;
    readonly nudges: number;
    readonly passMs: number;
  };
  readonly childTimeoutMs: number;
  /** When starts that can wait do; missing: never. */
  readonly machine?: MachineLimits;
  /** Brakes on starts (design: restart brake). */
  readonly brakes: {
    /** The second start since the agent was healthy waits this long, each further one twice as long, up to the cap. */
    readonly firstMs: number;
    readonly capMs: number;
    /** So many deaths within the window open the breaker. */
    readonly deaths: number;
    readonly windowMs: number;
    /** One probe after this long; the wait doubles up to the cap while probes fail. */
    readonly openMs: number;
    readonly openCapMs: number;
    /** Alive for this long: everything is forgotten. */
    readonly healthyMs: number;
    /** So many polecats dead over one piece of work park it. */
    readonly workDeaths: number;
    /** So many sessions of one agent ended by hand within an hour leave it alone. */
    readonly byHand: number;
    /** Requested restarts of one agent within an hour. */
    readonly requested: number;
  };
  /** Work on hooks, in time without any sign of life. */
  readonly work: {
    readonly staleMs: number;
    readonly guppMs: number;
    /** The last rung of the ladder: only say so, or end the agent and start it again. */
    readonly last: 'tell' | 'restart';
  };
  /** A `POLECAT_STARTED` mail is of no use any more after this long. */
  readonly spawnMs: number;
  readonly alerts: {
    readonly mail: boolean;
    /** Run with the notice as JSON on its standard input; empty: none. */
    readonly command: readonly string[];
    /** A segment in the status line of the town's own sessions. */
    readonly status: boolean;
    readonly remindMs: number;
  };
  /** What the whole town may have done to it in one night, by the local clock. `from` and `to` are minutes of the day. */
  readonly night: {
    readonly from: number;
    readonly to: number;
    readonly starts: number;
    readonly nudges: number;
  };
}

/** Idle for less than `belowMs` → next pass after `intervalMs`. The last tier's `belowMs` is null. */
export interface Tier {
  readonly belowMs: number | null;
  readonly intervalMs: number;
}

/** Outside watchers, so that somebody notices when the heartbeat itself stops. */
export interface Watching {
  /** A file for a metrics collector; absolute. */
  readonly metricsFile: string | null;
  /** What is told of a good pass: a URL, or a program with its arguments. */
  readonly ping: string | readonly string[] | null;
}

/** Where a town keeps mail, records and work; `auto`: beads where it already has them, else files. */
export type StoreKind = 'auto' | 'files' | 'beads';

/** A town's settings, complete: every value has one, from the file or by default. */
export interface Config {
  readonly defaultAgent: string;
  readonly roleAgents: Readonly<Record<string, string>>;
  readonly runtimes: Readonly<Record<string, Runtime>>;
  readonly tmux: { readonly socket: string; readonly tmpdir: string | null };
  /** Directories searched for programs besides the caller's PATH, and given to agents. */
  readonly path: readonly string[];
  /** Missing: `auto`. */
  readonly store?: StoreKind;
  readonly tick: TickConfig;
  /** Who is told of passes besides the town itself; missing: nobody. */
  readonly watching?: Watching;
  /** By crew worker's name: what it runs, before its role's choice. */
  readonly crewAgents?: Readonly<Record<string, string>>;
  /** By rig: only rigs that have settings of their own. Unknown: they cannot be used, and the rig starts nothing. */
  readonly rigs?: Readonly<Record<string, Fact<RigChoices>>>;
}
