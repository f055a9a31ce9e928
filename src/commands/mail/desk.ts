import { exitStatus, Failure } from '../../exit.ts';
import type { Fact } from '../../model/fact.ts';
import type { Mailbox } from '../../model/message.ts';
import type { Rig } from '../../model/rig.ts';
import type { Warning } from '../../model/snapshot.ts';
import { openStore } from '../../store/open.ts';
import type { Answer, Mail } from '../../store/port.ts';
import { findTown } from '../../town/find.ts';
import { layout } from '../../town/layout.ts';
import { loadRigs } from '../../town/rigs.ts';
import type { Context } from '../context.ts';
import { mailboxToRead } from './recipients.ts';
import { boxOfSender } from './sender.ts';
import { senderHere } from './sender-here.ts';

/** What every mail command works with. */
export interface Desk {
  readonly mail: Mail;
  readonly rigs: Fact<readonly Rig[]>;
  /** Who runs the command, as mail names them: `proj/crew/max`, `mayor/`, `overseer`. */
  readonly sender: string;
}

export function openDesk(
  town: string | undefined,
  context: Context,
  { reading = false, patienceMs }: { readonly reading?: boolean; readonly patienceMs?: number } = {},
): Desk {
  const { env, cwd } = context;
  const root = findTown({ town, env, cwd, reading });
  return {
    mail: openStore(root, () => context.now().getTime(), {
      env,
      ...(patienceMs === undefined ? {} : { timeoutMs: patienceMs }),
    }).mail,
    rigs: loadRigs(layout(root)).rigs,
    sender: senderHere(root, context),
  };
}

/** A mailbox together with the address it was asked for by. */
export interface Opened {
  readonly address: string;
  readonly mailbox: Mailbox;
}

/**
 * The mailbox to read: the one named, else the caller's own. A name that means nobody and has no mail is refused, with
 * the way to look further.
 */
export async function mailboxAsked(desk: Desk, address: string | undefined): Promise<Opened> {
  if (address === undefined) return { address: desk.sender, mailbox: boxOfSender(desk.sender) };
  const found = mailboxToRead(address, desk.rigs);
  if (found !== null && (found.exists || !desk.rigs.known)) return { address, mailbox: found.mailbox };
  if (found !== null && valueIn(await desk.mail.count(found.mailbox)) > 0)
    return { address, mailbox: found.mailbox };
  throw new Failure(
    'unknown-mailbox',
    exitStatus.failed,
    `Nobody here is called ${JSON.stringify(address)}.`,
    'gt rig list',
  );
}

/** The value of an answer; trouble becomes a {@link Failure} with its exit status. */
export function valueIn<T>(answer: Answer<T>): T {
  if (answer.known) return answer.value;
  switch (answer.trouble) {
    case 'permission':
      throw new Failure('store-permission', exitStatus.permission, `${answer.reason}.`, 'gt doctor');
    case 'unavailable':
      throw new Failure('store-unavailable', exitStatus.unavailable, `${answer.reason}.`, 'gt doctor');
    case 'refused':
      throw new Failure('store-refused', exitStatus.usage, `${answer.reason}.`, null);
    case 'io':
      throw new Failure('store-io', exitStatus.io, `${answer.reason}.`, 'gt doctor');
  }
}

/** Says on stderr what lay in the mailbox and could not be read. */
export function warn(warnings: readonly Warning[], context: Context): void {
  for (const { message } of warnings) context.stderr(`⚠ Warning: ${message}\n`);
}

export function notFound(id: string): Failure {
  return new Failure('message-not-found', exitStatus.failed, `message not found: ${id}`, 'gt mail inbox');
}
