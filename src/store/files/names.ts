import type { Protocol } from '../../model/message.ts';

/**
 * How mailboxes, agents and messages are spelled as file names. Everything outside `A-Z a-z 0-9 _ -` is written as
 * `%XX`, so no name can leave its directory, and two different names never become the same file.
 */
export function encodeName(name: string): string {
  return name.split('/').map(encodePart).join('.');
}

/** The name a file name was made from; null when it was not made by {@link encodeName}. */
export function decodeName(file: string): string | null {
  try {
    const name = file.split('.').map(decodeURIComponent).join('/');
    return encodeName(name) === file && !name.split('/').includes('') ? name : null;
  } catch {
    return null;
  }
}

/** What a message's file name says: enough to count, gate and claim without opening it. */
export interface MessageName {
  readonly id: string;
  readonly protocol: Protocol;
  /** For claimed messages: who took it, and when (milliseconds since 1970). */
  readonly claim: { readonly by: string; readonly at: number } | null;
}

const messageName =
  /^([A-Za-z0-9][A-Za-z0-9_-]{1,63})(?:\.(lifecycle|timer|spawn))?(?:~([^~]{0,120})~([0-9a-z]{1,11}))?\.json$/;

export function spellMessage({ id, protocol, claim }: MessageName): string {
  const kind = protocol === 'mail' ? '' : `.${protocol}`;
  const claimed =
    claim === null ? '' : `~${encodePart(claim.by.slice(0, 40)).slice(0, 120)}~${claim.at.toString(36)}`;
  return `${id}${kind}${claimed}.json`;
}

export function isMessageName(file: string): boolean {
  return messageName.test(file);
}

/** Null: not a message's file name. */
export function parseMessageName(file: string): MessageName | null {
  const match = messageName.exec(file);
  const [, id, kind, by, at] = match ?? [];
  if (id === undefined) return null;
  const claim =
    by === undefined || at === undefined ? null : { by: decodePart(by), at: Number.parseInt(at, 36) };
  const protocol = kind === 'lifecycle' || kind === 'timer' || kind === 'spawn' ? kind : 'mail';
  return { id, protocol, claim };
}

/** What a piece of open work's file name says. The name carries all that changes, so a rename changes it atomically. */
export interface WorkName {
  readonly id: string;
  readonly hook: { readonly agent: string; readonly since: number } | null;
}

const workName = /^([A-Za-z0-9][A-Za-z0-9_-]{1,63})(?:~hooked~([^~]{1,180})~([0-9a-z]{1,11}))?\.json$/;

export function spellWork({ id, hook }: WorkName): string {
  return hook === null
    ? `${id}.json`
    : `${id}~hooked~${encodeName(hook.agent)}~${hook.since.toString(36)}.json`;
}

/** Null: not a work item's file name. */
export function parseWorkName(file: string): WorkName | null {
  const [, id, agent, since] = workName.exec(file) ?? [];
  if (id === undefined) return null;
  if (agent === undefined || since === undefined) return { id, hook: null };
  const name = decodeName(agent);
  return name === null ? null : { id, hook: { agent: name, since: Number.parseInt(since, 36) } };
}

function encodePart(part: string): string {
  if (/^[A-Za-z0-9_-]*$/.test(part)) return part;
  return [...new TextEncoder().encode(part)]
    .map((byte) => {
      const char = String.fromCharCode(byte);
      return /[A-Za-z0-9_-]/.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
