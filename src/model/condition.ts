import type { AgentId } from './agent.ts';
import type { Mailbox } from './message.ts';
import type { Evidence } from './plan.ts';
import type { Moment } from './state.ts';

/** Something that is wrong for a while, as one pass observes it. */
export interface Observed {
  /** Unique in the ledger: `<code>`, `<code>:<agent>` or `<code>:<work>`. */
  readonly key: string;
  /** A stable slug: `crash-loop`, `mass-death`, `work-parked`, `blocked`, `town-unseen` … */
  readonly code: string;
  readonly agent: AgentId | null;
  /** Who is told: `overseer` is the human; a rig's witness otherwise. */
  readonly to: Mailbox;
  /** Of the mail. */
  readonly subject: string;
  /** One sentence: what, who, since when. */
  readonly text: string;
  /** Facts that stand below the sentence, one a line. */
  readonly details: Evidence;
  /** The last sentence: what to do, with a command that exists. */
  readonly hint: string;
  /** The single things it is made of, by name. What joins them later is told with a reminder. */
  readonly items?: readonly string[];
}

/** One of the things a condition is made of. */
export interface Part {
  readonly name: string;
  /** Awake time of the first look at it. */
  readonly seen: number;
  /** A notice has named it. */
  readonly told: boolean;
}

/** What is told of a condition: that it began, that it still holds, that it is over. */
export type NoticeKind = 'opened' | 'reminder' | 'recovered';

/** Where a notice goes. */
export type Channel = 'mail' | 'command';

/**
 * A condition in the ledger (design/failures.md F73): what was observed, kept apart from what was delivered.
 * It leaves the ledger a while after it was over and that was told.
 */
export interface Condition extends Omit<Observed, 'items'> {
  /** RFC 3339. */
  readonly opened: string;
  /** The same in milliseconds the machine was awake, which no clock that is set back gives a second time. */
  readonly began?: number;
  /** When it was last observed; while it is too young to be told of, when it was first. */
  readonly seen: Moment;
  /** RFC 3339: since when it is no longer observed, once that is certain; null: it holds. */
  readonly over: string | null;
  /** How often it came back shortly after it was over. */
  readonly flaps: number;
  /** Who has said that it is known; then nothing reminds of it. */
  readonly acknowledged: { readonly by: string; readonly at: string } | null;
  /** The notice that is still to be delivered, and to where; null: all is told. */
  readonly owed: {
    readonly kind: NoticeKind;
    readonly channels: readonly Channel[];
    readonly tries: number;
  } | null;
  /** When the last notice was delivered or given up, and what it said; null: none was. */
  readonly told: (Moment & { readonly kind: NoticeKind }) | null;
  /** What it is made of, where it is made of several things. */
  readonly parts?: readonly Part[];
}
