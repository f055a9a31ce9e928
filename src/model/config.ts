import type { Fact } from './fact.ts';

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
  /** Roles kept running besides deacon and witnesses. */
  readonly keep: readonly ('mayor' | 'refinery')[];
  readonly budgets: {
    readonly starts: number;
    readonly kills: number;
    readonly nudges: number;
    readonly passMs: number;
  };
  readonly childTimeoutMs: number;
}

/** Idle for less than `belowMs` → next pass after `intervalMs`. The last tier's `belowMs` is null. */
export interface Tier {
  readonly belowMs: number | null;
  readonly intervalMs: number;
}

/** A town's settings, complete: every value has one, from the file or by default. */
export interface Config {
  readonly defaultAgent: string;
  readonly roleAgents: Readonly<Record<string, string>>;
  readonly runtimes: Readonly<Record<string, Runtime>>;
  readonly tmux: { readonly socket: string; readonly tmpdir: string | null };
  /** Directories searched for programs besides the caller's PATH, and given to agents. */
  readonly path: readonly string[];
  readonly tick: TickConfig;
  /** By crew worker's name: what it runs, before its role's choice. */
  readonly crewAgents?: Readonly<Record<string, string>>;
  /** By rig: only rigs that have settings of their own. Unknown: they cannot be used, and the rig starts nothing. */
  readonly rigs?: Readonly<Record<string, Fact<RigChoices>>>;
}
