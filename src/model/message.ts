/** A mailbox by its canonical name: `mayor`, `deacon`, `overseer`, `proj/witness`, `proj/max`. */
export type Mailbox = string;

export type Priority = 'urgent' | 'high' | 'normal' | 'low';
export type MessageType = 'task' | 'scavenge' | 'notification' | 'reply';

/**
 * What a subject says about who reads the message besides the recipient (spec/agents.md §2.8):
 * requests, timers and spawn notices in the deacon's box are for the keeper, everything else is plain mail.
 */
export type Protocol = 'mail' | 'lifecycle' | 'timer' | 'spawn';

/** A message before it has an id. Subject and body are kept byte for byte, whatever they contain. */
export interface Draft {
  /** The sender as computed, in any spelling: evidence, not proof. */
  readonly from: string;
  readonly to: Mailbox;
  readonly cc: readonly Mailbox[];
  readonly subject: string;
  readonly body: string;
  readonly priority: Priority;
  readonly type: MessageType;
  readonly pinned: boolean;
  /** The thread to join; null starts a new one. */
  readonly thread: string | null;
  readonly replyTo: string | null;
}

/** A draft; what it does not say is as usual: a notification of normal priority to one mailbox, in a thread of its own. */
export function draftWith(said: Pick<Draft, 'from' | 'to' | 'subject' | 'body'> & Partial<Draft>): Draft {
  return {
    cc: [],
    priority: 'normal',
    type: 'notification',
    pinned: false,
    thread: null,
    replyTo: null,
    ...said,
  };
}

export interface Message {
  readonly id: string;
  readonly from: string;
  readonly to: Mailbox;
  readonly cc: readonly Mailbox[];
  readonly subject: string;
  readonly body: string;
  /** RFC 3339 by the sender's clock; null when the message carries no readable date. */
  readonly at: string | null;
  readonly priority: Priority;
  readonly type: MessageType;
  readonly pinned: boolean;
  readonly thread: string;
  readonly replyTo: string | null;
}

/** What became of a message when it left its mailbox. */
export interface Settlement {
  /** A slug: `read`, `deleted`, `archived`, `executed`, `refused`, `superseded`, `withdrawn` … */
  readonly outcome: string;
  readonly by: string;
  /** For people; null when the outcome says it all. */
  readonly reason: string | null;
}

/** Where a message is in its life: unread, taken by one processor, or done with. It is in one place at a time. */
export type MessageState =
  | { readonly is: 'waiting' }
  | { readonly is: 'claimed'; readonly by: string; readonly at: string | null }
  /** `settlement` is null when the process that settled it died before it could say why. */
  | { readonly is: 'settled'; readonly settlement: (Settlement & { readonly at: string | null }) | null };

/** A message together with the mailbox it lies in and where it stands. */
export interface Held {
  readonly mailbox: Mailbox;
  readonly message: Message;
  readonly state: MessageState;
}

/** The protocol a subject belongs to; letter case does not matter (spec/tick.md §6.2). */
export function protocolOf(subject: string): Protocol {
  const head = subject.slice(0, 40).toLowerCase();
  if (head.startsWith('lifecycle:')) return 'lifecycle';
  if (head.startsWith('timer:')) return 'timer';
  if (head.startsWith('polecat_started ')) return 'spawn';
  return 'mail';
}
