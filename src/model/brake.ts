import type { AgentId } from './agent.ts';
import type { Moment } from './state.ts';

/**
 * What slows the starts of one agent down (design: restart brake; design/failures.md F07-F09, F21, F25). Null in the
 * state: nothing does. Every number of `awake` is the town's own awake time in milliseconds.
 */
export interface Brake {
  /** Starts by the tick since it was healthy for long; each makes the wait before the next one longer. */
  readonly attempts: number;
  readonly lastStart: Moment | null;
  /** When it was found dead, within the window that counts; deaths that befell many at once are not among them. */
  readonly deaths: readonly number[];
  /** Its present death, or its being kept down by somebody, is counted already. */
  readonly down: boolean;
  /** The breaker: no start before `untilAwake`, then one probe. Null: closed. */
  readonly open: { readonly since: string; readonly untilAwake: number; readonly waitMs: number } | null;
  /** The last start was a probe of an open breaker. */
  readonly probing: boolean;
  /** When its whole session had vanished while its server lived on: ended by hand, or never to be seen. */
  readonly vanished: readonly number[];
  /** Since when it is left alone because that happened too often. Ends with `gt reset`, or when it runs again. */
  readonly withheld: string | null;
  /** Requested restarts within the last hour: counted apart from crashes. */
  readonly requested: readonly number[];
  /** Why its last start by the tick failed, for people; null: it did not. */
  readonly failure: string | null;
}

export const noBrake: Brake = {
  attempts: 0,
  lastStart: null,
  deaths: [],
  down: false,
  open: null,
  probing: false,
  vanished: [],
  withheld: null,
  requested: [],
  failure: null,
};

/** What is remembered of one piece of hooked work: it outlives the agents it is given to (design/failures.md F26). */
export interface WorkMemory {
  readonly work: string;
  /** Whose hook it was last on. */
  readonly agent: AgentId;
  /** First seen on that hook. */
  readonly seen: Moment;
  /** Polecats that died over it. */
  readonly deaths: number;
  /** RFC 3339: since when nobody is restarted for it. Ends with `gt reset`, or when it is closed. */
  readonly parked: string | null;
}

/** How far we have gone with an agent that shows no life while work waits on its hook (design/failures.md F03). */
export interface Ladder {
  /** 1: nudged; 2: nudged again; 3: its witness told; 4: the human told; 5: ended, where the settings allow it. */
  readonly rung: 1 | 2 | 3 | 4 | 5;
  /** When that rung was taken. */
  readonly at: Moment;
  /** The same in milliseconds since 1970: what its pane prints right after a nudge is an echo, not life. */
  readonly wall: number;
}

/** What an agent's own screen says keeps it from working: not a crash, and not to be poked (design/failures.md F31, F32, F55, F86). */
export interface Blockage {
  readonly kind: 'limit' | 'login' | 'dialog' | 'context';
  /** The line on its screen, bounded. */
  readonly detail: string;
  /** RFC 3339. */
  readonly since: string;
  /** RFC 3339: when it says itself that it ends; null: it does not say. */
  readonly until: string | null;
  /** Neither looked at nor woken before this awake time. */
  readonly lookAwake: number;
  /** Looks that found it blocked. */
  readonly looks: number;
}

/** An agent that is up and never reported ready, or reports as somebody else (design/failures.md F85). */
export interface Misprimed {
  /** RFC 3339. */
  readonly since: string;
  /** Whom it says it is; null: it says nothing. */
  readonly as: AgentId | null;
  /** RFC 3339: when it was ended for a fresh start, where the settings allow that. It is done once. Null: it was not. */
  readonly corrected: string | null;
  /** When a last look kept it from being ended, awake milliseconds. */
  readonly spared?: number;
}
