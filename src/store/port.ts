import type { AgentId } from '../model/agent.ts';
import type { AgentRecord } from '../model/agent-record.ts';
import type { Draft, Held, Mailbox, Message, Settlement } from '../model/message.ts';
import type { Warning } from '../model/snapshot.ts';
import type { WorkDraft, WorkItem } from '../model/work-item.ts';

/**
 * The store: mail, agents' records and work. Whatever keeps them stands behind this port and passes the same contract
 * tests. No answer is ever "empty" because of trouble, and nothing here throws for what the world did.
 */
export interface Store {
  /** Everything a pass needs, in one query however many agents there are. Changes nothing. */
  overview(): Promise<Answer<Overview>>;
  readonly mail: Mail;
  readonly agents: AgentRecords;
  readonly work: Work;
}

export interface Mail {
  /**
   * Delivers to `to` and every `cc`, each mailbox once, durably: after a known answer nothing short of a lost disk loses
   * it. In trouble the answer names those already delivered to; sending again is then the caller's decision.
   */
  send(draft: Draft): Promise<Answer<readonly Delivered[]>>;
  /** What waits in a mailbox, newest first. */
  inbox(mailbox: Mailbox): Promise<Answer<Listing<Message>>>;
  /** How many messages wait, without reading them. */
  count(mailbox: Mailbox): Promise<Answer<number>>;
  /** A message by its id or an unambiguous beginning of it, wherever it is; null when there is none. */
  find(id: string): Promise<Answer<Found>>;
  /** Every message of a thread, oldest first, settled ones included. */
  thread(thread: string): Promise<Answer<Listing<Held>>>;
  /** Claimed and settled messages of a mailbox, newest first, at most `limit`. */
  history(mailbox: Mailbox, limit: number): Promise<Answer<Listing<Held>>>;
  /** Ends a waiting message: read, deleted, withdrawn, refused. Exactly one of several callers gets `done`. */
  settle(id: string, settlement: Settlement): Promise<Answer<Settling>>;
  /** Takes a waiting message for processing. Exactly one of any number of callers gets it. */
  claim(id: string, by: string): Promise<Answer<Claiming>>;
  /** Ends a claimed message with what became of it. Saying so again is harmless. */
  settleClaimed(id: string, settlement: Settlement): Promise<Answer<Settling>>;
  /** Puts a claimed message back, for one that was claimed and never acted on. */
  release(id: string): Promise<Answer<Releasing>>;
  /** Messages that are claimed and not settled, in any mailbox, oldest first. */
  claimed(): Promise<Answer<Listing<Held>>>;
}

export interface AgentRecords {
  /** Every record, in one query. */
  list(): Promise<Answer<Listing<AgentRecord>>>;
  get(agent: AgentId): Promise<Answer<AgentRecord | null>>;
  /** Replaces an agent's record. */
  put(record: AgentRecord): Promise<Answer<null>>;
}

export interface Work {
  create(draft: WorkDraft): Promise<Answer<WorkItem>>;
  get(id: string): Promise<Answer<WorkItem | null>>;
  /** Work that is not closed, oldest first. */
  list(): Promise<Answer<Listing<WorkItem>>>;
  /** Work on any agent's hook, in one query. */
  hooked(): Promise<Answer<Listing<WorkItem>>>;
  /** Puts open work on an agent's hook. Exactly one of several callers gets `done`. */
  hook(id: string, agent: AgentId): Promise<Answer<Changing>>;
  /** Takes hooked work off its hook. */
  unhook(id: string): Promise<Answer<Changing>>;
  close(id: string, by: string, reason: string | null): Promise<Answer<Changing>>;
}

/** What a pass wants to know of a store. */
export interface Overview {
  /** Number of waiting messages, by mailbox; mailboxes without any are left out. */
  readonly waiting: Readonly<Record<Mailbox, number>>;
  /** What the newest waiting message is about, by mailbox; where it was asked for, or costs nothing. */
  readonly subjects?: Readonly<Record<Mailbox, string>>;
  /** Waiting messages in the deacon's box that are for the keeper (`protocolOf` is not `mail`), oldest first. */
  readonly protocol: readonly Message[];
  /** Messages claimed and not settled, in any mailbox, oldest first. */
  readonly claimed: readonly Held[];
  readonly agents: readonly AgentRecord[];
  readonly hooked: readonly WorkItem[];
  /** What was there and could not be read. */
  readonly warnings: readonly Warning[];
  /** Rigs whose own stores did not answer: their work is not among `hooked`, and what agents wrote is what was last known. */
  readonly silent?: readonly string[];
  /** Of a store that others write to besides us. */
  readonly touched?: Touched;
}

/** A file that is dated anew when somebody writes to a store, and its date before the store was read. */
export interface Touched {
  readonly file: string;
  /** Milliseconds since 1970; 0: there was no such file. */
  readonly stamp: number;
}

/** What a store said when it last answered. Never older than a few hours, and never with requests in it. */
export interface LastKnown {
  /** RFC 3339. */
  readonly at: string;
  readonly value: Overview;
}

/** What was found, and what was there but could not be read. */
export interface Listing<T> {
  readonly items: readonly T[];
  readonly warnings: readonly Warning[];
}

export interface Delivered {
  readonly mailbox: Mailbox;
  readonly id: string;
}

export type Found =
  | { readonly kind: 'found'; readonly held: Held }
  | { readonly kind: 'missing' }
  | { readonly kind: 'ambiguous'; readonly ids: readonly string[] };

export type Settling =
  | { readonly kind: 'done' }
  /** It had been settled before; how, where that is known. */
  | { readonly kind: 'already'; readonly settlement: Settlement | null }
  /** Somebody is carrying it out. */
  | { readonly kind: 'claimed'; readonly by: string }
  /** `settleClaimed` only: nobody holds it; it still waits. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'missing' };

export type Claiming =
  | { readonly kind: 'claimed'; readonly held: Held }
  | { readonly kind: 'taken' }
  | { readonly kind: 'missing' };

export type Releasing = { readonly kind: 'done' } | { readonly kind: 'not-claimed' };

export type Changing =
  | { readonly kind: 'done'; readonly item: WorkItem }
  /** It was not in a state that allows this; the state it is in. */
  | { readonly kind: 'conflict'; readonly item: WorkItem }
  | { readonly kind: 'missing' };

/** A `Fact` that also says what kind of trouble stands behind "unknown". For a change: whether it took place is unknown. */
export type Answer<T> = { readonly known: true; readonly value: T } | Trouble;

export interface Trouble {
  readonly known: false;
  readonly reason: string;
  /** `unavailable`: the store or its program does not answer; `io`: disk full, read-only or failing. */
  readonly trouble: 'unavailable' | 'permission' | 'io' | 'refused';
  /** Of an overview: what stands in for it, and words on the trouble. */
  readonly last?: LastKnown;
  readonly warnings?: readonly Warning[];
}
