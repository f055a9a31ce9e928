import { closeSync, existsSync, openSync, readdirSync, readSync, realpathSync, writeSync } from 'node:fs';
import type { Mailbox } from '../../model/message.ts';
import { oneLine } from '../../show/printable.ts';
import { isMessageName, parseMessageName } from '../../store/files/names.ts';
import { boxOf, placeOf } from '../../store/files/place.ts';
import { findTown } from '../../town/find.ts';
import { addressOf, mailboxOf } from '../../town/mailbox.ts';
import { currentDirectory } from '../../town/path-on-disk.ts';
import { stampLife } from '../signs/stamp-life.ts';
import { boxOfSender, senderOf } from './sender.ts';

/** More messages than this are counted, not named: the text goes into an agent's context on every prompt. */
const named = 20;

/** A message's head, everything before its body, fits in here; of a longer one the beginning of the subject is shown. */
const headBytes = 4096;

/** Whose mail, in which town: what may be said besides `--inject`. */
interface Asked {
  readonly town?: string | undefined;
  readonly address?: string | undefined;
}

/**
 * Answers `gt mail check --inject` for the front door; false for a command line that it leaves to others. No prompt waits
 * for its mail: on any trouble nothing is printed.
 */
export async function inject([group, command, ...options]: readonly string[]): Promise<boolean> {
  const asked = group === 'mail' && command === 'check' ? optionsIn(options) : null;
  if (asked === null) return false;
  const caller = { env: process.env, cwd: currentDirectory() };
  const text = injectText({ ...caller, ...asked }) ?? (await textFromStore(asked));
  try {
    if (text !== '') writeSync(1, text);
  } catch {
    // Whoever asked has gone.
  }
  stampLife('mail check --inject', caller);
  return true;
}

async function textFromStore(asked: Asked): Promise<string> {
  (await import('../../compiled.ts')).useCompiled();
  const [{ injectFromStore }, { processContext }] = await Promise.all([
    import('./inject-store.ts'),
    import('../context.ts'),
  ]);
  return injectFromStore(asked, processContext());
}

/** The options of `gt mail check --inject`, read without the library that reads all others; null when there is one among them that only that library understands. */
export function optionsIn(options: readonly string[]): Asked | null {
  let town: string | undefined;
  let address: string | undefined;
  let identity: string | undefined;
  for (let at = 0; at < options.length; at += 1) {
    const [name = '', ...rest] = (options[at] ?? '').split('=');
    if (name === '--inject' && rest.length === 0) continue;
    if (name !== '--town' && name !== '--address' && name !== '--identity') return null;
    const next = rest.length > 0 ? undefined : options[++at];
    const value = next ?? rest.join('=');
    if (rest.length === 0 && (next === undefined || next.startsWith('-'))) return null;
    if (name === '--town') town = value;
    else if (name === '--address') address = value;
    else identity = value;
  }
  return { town, address: address ?? identity };
}

/**
 * What `gt mail check --inject` prints into an agent's context (spec/agents.md §2.6): empty without mail and on any
 * trouble. Runs on every prompt of every agent, so it reads one directory and the heads of at most twenty files, and loads
 * no library; null where the town may keep its mail in a program of its own, which only `injectFromStore` asks. What senders wrote is put on one line and cannot close the surrounding tag.
 */
export function injectText({
  env,
  cwd,
  town,
  address,
}: {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly town?: string | undefined;
  readonly address?: string | undefined;
}): string | null {
  try {
    const root = findTown({ town, env, cwd, reading: true });
    if (existsSync(`${root}/.beads`) || existsSync(`${root}/daemon/store.json`)) return null;
    const mailbox =
      address === undefined
        ? boxOfSender(senderOf(root, { env, cwd: cwd === '' ? '' : realpathSync(cwd) }))
        : mailboxOf(address);
    return mailbox === null ? '' : reminderOf(root, mailbox);
  } catch {
    return '';
  }
}

function reminderOf(root: string, mailbox: Mailbox): string {
  const dir = boxOf(placeOf(root), mailbox).new;
  // Ids begin with the time, so the names sort as the messages came.
  const files = readdirSync(dir).filter(isMessageName).sort().reverse();
  if (files.length === 0) return '';
  return reminderText(
    files.slice(0, named).map((file) => lineOf(dir, file)),
    files.length,
  );
}

/** The text for an agent's context (spec/agents.md §2.6); at most twenty messages are named. */
export function reminderText(listed: readonly string[], unread: number): string {
  const more = unread > named ? [`- and ${unread - named} more`] : [];
  return reminder(`You have ${unread} unread message(s) in your inbox.`, [
    ...listed.slice(0, named),
    ...more,
    '',
  ]);
}

/** The same while the mail itself is out of reach. `seen`: when it was last looked at. */
export function agedReminder(unread: number, seen: string): string {
  return reminder(
    `You had ${unread} unread message(s) in your inbox ${seen}; the beads do not answer now.`,
    [],
  );
}

function reminder(head: string, lines: readonly string[]): string {
  return [
    '<system-reminder>',
    head,
    '',
    ...lines,
    "Run 'gt mail inbox' to see your messages, or 'gt mail read <id>' for a specific message.",
    '</system-reminder>',
    '',
  ].join('\n');
}

function lineOf(dir: string, file: string): string {
  const id = parseMessageName(file)?.id ?? file;
  return messageLine(id, headOf(`${dir}/${file}`));
}

export function messageLine(
  id: string,
  { from, subject }: { readonly from: string; readonly subject: string },
): string {
  const mailbox = mailboxOf(from);
  return `- ${id} from ${harmless(mailbox === null ? from : addressOf(mailbox))}: ${harmless(subject)}`;
}

/** Sender and subject, from the part of the file before the body. */
function headOf(path: string): {
  readonly from: string;
  readonly subject: string;
} {
  try {
    const text = beginningOf(path);
    const body = text.indexOf(',"body":"');
    const head: unknown = JSON.parse(body === -1 ? `${cutInString(text)}"}` : `${text.slice(0, body)}}`);
    if (typeof head === 'object' && head !== null && 'from' in head && 'subject' in head) {
      return { from: String(head.from), subject: String(head.subject) };
    }
  } catch {
    // Torn, foreign or gone: its id is all that can be said.
  }
  return { from: '?', subject: '(unreadable)' };
}

function beginningOf(path: string): string {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(headBytes);
    return buffer.toString('utf8', 0, readSync(file, buffer, 0, headBytes, 0));
  } finally {
    closeSync(file);
  }
}

/** A JSON text that breaks off within a string, without a half escape or character at its end. */
function cutInString(text: string): string {
  return text.replace(/\ufffd*$/, '').replace(/\\(?:u[0-9a-f]{0,4})?$/i, '');
}

/** One line, in which nothing looks like a tag. */
function harmless(text: string): string {
  return oneLine(text).replaceAll(/<(?=[/!a-z])/gi, '‹');
}
