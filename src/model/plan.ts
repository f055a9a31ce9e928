import type { AgentId } from './agent.ts';
import type { Channel, NoticeKind } from './condition.ts';
import type { Mailbox } from './message.ts';
import type { RequestAction } from './request.ts';
import type { Warning } from './snapshot.ts';
import type { State } from './state.ts';

/** Facts that made a rule act or hold back; printed and stored with it. */
export type Evidence = Readonly<Record<string, string | number | boolean | null>>;

interface Common {
  /** `<kind>:<agent>`: unique within a plan. */
  readonly id: string;
  readonly agent: AgentId;
  readonly session: string;
  /** A stable slug: `session-absent`, `pane-dead`, `heartbeat-stale` … */
  readonly why: string;
  readonly evidence: Evidence;
}

/** Something a pass does to the world. Adding a kind fails to compile until it is performed, settled and shown. */
export type Action =
  | (Common & { readonly kind: 'start' })
  /** The pane is there, the agent in it is not: the same pane gets a new agent. */
  | (Common & { readonly kind: 'recreate'; readonly pane: string; readonly panePid: number })
  /**
   * One line typed into the agent's pane. `text` is a fixed template of ours.
   * `finish`: the text was typed by an earlier pass and never submitted; press Enter if it still stands there, type nothing.
   */
  | (Common & {
      readonly kind: 'nudge';
      readonly pane: string;
      readonly panePid: number;
      readonly text: string;
      readonly finish: boolean;
      /** The `POLECAT_STARTED` mail this nudge answers: settled once it is delivered. */
      readonly spawn?: SpawnMail;
    })
  /** Ends an agent that shows no life, only where the settings allow it. The next pass starts its successor. */
  | (Common & { readonly kind: 'kill'; readonly pane: string; readonly panePid: number })
  /** Ends one lifecycle request: carries it out, or retires it with a reason. */
  | (Common & {
      readonly kind: 'settle';
      readonly message: string;
      /** Whom to answer: the mailbox of whoever asked. */
      readonly sender: string;
      readonly deed: RequestDeed;
      /** An earlier pass had claimed it already. */
      readonly resumed: boolean;
      /** The agent's pane as it was seen; null when it has no session. */
      readonly pane: string | null;
      readonly panePid: number | null;
      readonly refusal: { readonly why: string; readonly sentence: string; readonly reply: boolean } | null;
      /** The flag to take back with a retired request, so that it confirms no later one. */
      readonly flag: RequestAction | null;
    })
  /** Wakes an agent whose timer has run out: a `WAKE` mail, and a line in its pane where it runs. */
  | (Common & {
      readonly kind: 'mail';
      readonly message: string;
      readonly mailbox: string;
      readonly resumed: boolean;
      readonly pane: string | null;
      readonly panePid: number | null;
    })
  /** Tells somebody of a condition: that it began, still holds, or is over. */
  | (Common & {
      readonly kind: 'alert';
      /** The condition's key in the ledger. */
      readonly condition: string;
      readonly notice: NoticeKind;
      /** `overseer`, or a rig's witness. */
      readonly to: Mailbox;
      readonly channels: readonly Channel[];
      readonly subject: string;
      readonly body: string;
      /** Unique to this notice: what was sent with it is not sent again. */
      readonly token: string;
      /** It was tried before, perhaps with success. */
      readonly retried: boolean;
      /** Conditions that hold and concern the human, for the tmux status line; null: the line stays as it is. */
      readonly standing: number | null;
    });

/** A `POLECAT_STARTED` mail that is being answered. */
export interface SpawnMail {
  readonly message: string;
  /** A pass that was cut short had claimed it. */
  readonly resumed: boolean;
}

/** What is done with a lifecycle request. */
export type RequestDeed =
  | RequestAction
  /** It was carried out by a pass that was cut short before it could say so: only that is still to be said. */
  | 'confirm'
  /** It is not carried out; `refusal` says why. */
  | 'retire';

/** Why nothing was done to an agent. */
export interface Note {
  readonly agent: AgentId;
  readonly rule: string;
  /** A stable slug: `fresh`, `held`, `newborn`, `backoff`, `budget` … */
  readonly why: string;
  /** RFC 3339: when this reason ends, if it ends by itself. */
  readonly until?: string;
  readonly evidence?: Evidence;
}

/** How each agent of the town was found. `wanted` agents are those the tick keeps running. */
export interface Finding {
  readonly agent: AgentId;
  readonly session: string;
  readonly wanted: boolean;
  readonly held: boolean;
  readonly liveness: Liveness;
}

/** What tmux and the process table say of an agent (design: they decide, nothing else does). */
export type Liveness =
  | {
      readonly is: 'alive';
      readonly pane: string;
      readonly panePid: number;
      readonly command: string;
      readonly recognised: boolean;
    }
  | {
      readonly is: 'dead';
      readonly pane: string;
      readonly panePid: number;
      readonly status: number | null;
      readonly signal: string | null;
      readonly at: number | null;
    }
  /** A bare shell sits where the agent should be. */
  | {
      readonly is: 'shell';
      readonly pane: string;
      readonly panePid: number;
      readonly command: string;
      readonly attached: boolean;
    }
  | { readonly is: 'absent' }
  /** A session of the agent's name that this town did not start. Never touched. */
  | { readonly is: 'foreign'; readonly owner: string | null }
  | { readonly is: 'unknown'; readonly reason: string };

/** What one pass will do, why, and what will be remembered. `--dry-run` prints it, a real pass executes it. */
export interface Plan {
  readonly actions: readonly Action[];
  readonly notes: readonly Note[];
  readonly warnings: readonly Warning[];
  readonly findings: readonly Finding[];
  /** The state with everything the actions spend already spent: saved before the first effect. */
  readonly state: State;
  readonly idleSeconds: number | null;
  readonly intervalSeconds: number;
  /** RFC 3339. */
  readonly nextDueAt: string;
  /** Exit status when every action succeeds. */
  readonly exit: number;
}

/** What became of an action. */
export interface Outcome {
  readonly action: string;
  readonly result: 'ok' | 'failed' | 'skipped';
  /** For `failed` and `skipped`: what happened, for people. */
  readonly error: string | null;
  /** For a nudge that was put off: `draft`, `dialog`, `copy-mode`, `busy`; for one not confirmed: `stranded`. */
  readonly reason: string | null;
  /** For starts: where the agent now lives. */
  readonly pane: string | null;
  readonly panePid: number | null;
  readonly serverPid: number | null;
  /** tmux's `start_time` of that server, seconds since 1970. */
  readonly serverStarted: number | null;
  readonly socket: string | null;
}
