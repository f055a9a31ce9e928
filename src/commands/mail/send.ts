import { exitStatus } from '../../exit.ts';
import type { MessageType } from '../../model/message.ts';
import { jsonText } from '../../show/json.ts';
import { oneLine } from '../../show/printable.ts';
import type { Delivered } from '../../store/port.ts';
import { findTown } from '../../town/find.ts';
import { addressOf } from '../../town/mailbox.ts';
import type { Context } from '../context.ts';
import { sendAll, tellReaders } from './deliver.ts';
import { type Desk, openDesk } from './desk.ts';
import { findMessage } from './find.ts';
import { addressesOf } from './lists.ts';
import { type Notify, nobody } from './notify.ts';
import type { Recipient } from './recipient.ts';
import { recipientsOf } from './recipients.ts';
import { bodyOf, oddities, priorityOf, typeOf, usage } from './send-options.ts';
import { boxOfSender } from './sender.ts';

export interface SendOptions {
  readonly town?: string | undefined;
  /** The positional address or `--to`. */
  readonly address?: string | undefined;
  /** To the overseer. */
  readonly human?: boolean | undefined;
  /** To the caller's own mailbox. */
  readonly self?: boolean | undefined;
  readonly cc?: readonly string[] | undefined;
  readonly subject?: string | undefined;
  /** `--message` or `--body`. */
  readonly message?: string | undefined;
  /** Take the body from standard input. */
  readonly stdin?: boolean | undefined;
  /** `0` to `4`, or `urgent`, `high`, `normal`, `low`, `backlog`. */
  readonly priority?: string | undefined;
  readonly urgent?: boolean | undefined;
  /** Raises a normal priority to high. */
  readonly notify?: boolean | undefined;
  readonly noNotify?: boolean | undefined;
  readonly type?: string | undefined;
  readonly replyTo?: string | undefined;
  readonly pinned?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/**
 * `gt mail send ADDRESS -s SUBJECT [-m TEXT]` (spec/agents.md §2.3). Every recipient is checked before the first copy is
 * delivered; running recipients are told by {@link Notify}.
 */
export async function sendCommand(
  options: SendOptions,
  context: Context,
  notify: Notify = nobody,
): Promise<number> {
  const { subject } = options;
  if (subject === undefined) throw usage('required flag(s) "subject" not set');
  if (subject.trim() === '') throw usage('the subject is empty');
  const body = bodyOf(options, context);
  const desk = openDesk(options.town, context);
  const address = addressTo(options, desk.sender);
  const { env, cwd } = context;
  const root = findTown({ town: options.town, env, cwd });
  const readers = (one: string) =>
    addressesOf(one, root)
      .flatMap((member) => recipientsOf(member, desk.rigs))
      .filter(({ mailbox }, at, all) => all.findIndex((other) => other.mailbox === mailbox) === at);
  const recipients = options.self ? [ownBox(desk)] : readers(address);
  const copies = (options.cc ?? []).flatMap(readers);
  const answered = options.replyTo === undefined ? null : (await findMessage(desk, options.replyTo)).message;
  for (const odd of oddities(options)) context.stderr(`⚠ Warning: ${odd}\n`);
  const type = typeOf(options.type, answered !== null);
  const draft = {
    from: desk.sender,
    cc: copies.map(({ mailbox }) => mailbox),
    subject,
    body,
    priority: priorityOf(options),
    type,
    pinned: options.pinned ?? false,
    thread: answered === null || answered.thread === '' ? null : answered.thread,
    replyTo: answered?.id ?? null,
  };
  const delivered = await sendAll(desk, recipients, draft);
  if (!options.noNotify) await tellReaders(desk, [...recipients, ...copies], delivered, context, notify);
  if (/^timer:/i.test(subject) && recipients.some(({ mailbox }) => mailbox === 'deacon'))
    await warnOfTimer(subject, desk, context);
  if (options.json) context.stdout(jsonText(sentJson(delivered)));
  else context.stdout(sentText(options.human ? 'overseer' : address, subject, type, recipients, copies));
  return exitStatus.done;
}

/** Whoever sets a timer that cannot work can mend it now; nobody else can. */
async function warnOfTimer(subject: string, { rigs }: Desk, context: Context): Promise<void> {
  const { parseTimer } = await import('../../decide/wake-timer.ts');
  const { hopelessTimer } = await import('../../decide/timers.ts');
  const timer = parseTimer({ subject, at: context.now().toISOString() });
  if (!rigs.known && timer.kind === 'timer') return;
  const why = hopelessTimer(timer, rigs.known ? rigs.value : []);
  if (why === null) return;
  context.stderr(
    `⚠ Warning: this timer wakes nobody: ${oneLine(why, 200)}. The deacon has it as mail. A timer reads: TIMER: proj/max wake at 14:00\n`,
  );
}

function addressTo({ address, human, self }: SendOptions, sender: string): string {
  const given = [address !== undefined, human === true, self === true].filter(Boolean).length;
  if (given === 0) throw usage('address required (or use --self)');
  if (given > 1) throw usage('one of an address, --human and --self, not several');
  return human ? 'overseer' : self ? sender : (address ?? '');
}

/** Oneself is always somebody, also for an agent whose directory is not there yet. */
function ownBox(desk: Desk): Recipient {
  return { mailbox: boxOfSender(desk.sender), agents: [] };
}

function sentText(
  address: string,
  subject: string,
  type: MessageType,
  recipients: readonly Recipient[],
  copies: readonly Recipient[],
): string {
  const names = (list: readonly Recipient[]): string =>
    list.map(({ mailbox }) => addressOf(mailbox)).join(', ');
  return [
    `✓ Message sent to ${oneLine(address)}`,
    `  Subject: ${oneLine(subject)}`,
    ...(/^(@|list:)/.test(address) && address !== '@overseer' ? [`  Recipients: ${names(recipients)}`] : []),
    ...(copies.length === 0 ? [] : [`  CC: ${names(copies)}`]),
    ...(type === 'notification' ? [] : [`  Type: ${type}`]),
    '',
  ].join('\n');
}

function sentJson(delivered: readonly Delivered[]): object {
  return {
    schema: 'gt.mail.send/1',
    sent: delivered.map(({ mailbox, id }) => ({ to: addressOf(mailbox), id })),
  };
}
