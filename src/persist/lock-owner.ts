import * as v from 'valibot';
import { printDuration } from '../town/duration.ts';
import { type Blank, blankAt } from './blank-lock.ts';
import type { ProcessIdentity } from './process-identity.ts';
import { readFileBytes } from './read-file.ts';

/** Who holds a lock: a process that cannot be confused with another, and what it is for people. */
export interface Owner extends ProcessIdentity {
  /** Twelve hex digits, new for each holding. */
  readonly token: string;
  /** RFC 3339: since when. For people; age never decides. */
  readonly since: string;
  readonly user: string;
  readonly command: string;
}

/** What stands in an owner record. `damaged`'s reason completes "the lock …". */
export type OwnerRecord =
  | { readonly kind: 'absent' }
  | { readonly kind: 'ok'; readonly owner: Owner }
  | { readonly kind: 'damaged'; readonly reason: string; readonly blank?: Blank | null }
  /** It may not be read: `code` is the system's. */
  | { readonly kind: 'unreadable'; readonly code: string; readonly message: string };

/** Plain ASCII, which nearly all are, first: classes of Unicode take a millisecond to make. */
const line = v.pipe(
  v.string(),
  v.check((text) => /^[ -~]{0,300}$/.test(text) || /^[^\p{C}]{0,300}$/u.test(text)),
);

const ownerSchema: v.GenericSchema<unknown, Owner> = v.object({
  host: line,
  boot: line,
  space: line,
  pid: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  start: line,
  token: v.pipe(v.string(), v.regex(/^[0-9a-f]{12}$/)),
  since: line,
  user: line,
  command: line,
});

/** Reads an owner record. Never throws. */
export function readOwner(path: string): OwnerRecord {
  const read = readFileBytes(path, 8192);
  switch (read.kind) {
    case 'absent':
      return read;
    case 'unreadable':
      // Rights and the disk are nothing to be cleared by removing the lock; a directory in its place is.
      return ['EACCES', 'EPERM', 'EIO'].includes(read.code)
        ? read
        : { kind: 'damaged', reason: `cannot be read: ${read.message}` };
    case 'too-big':
      return { kind: 'damaged', reason: `is no lock of gt: it has ${read.size} bytes` };
    case 'ok':
      return parseOwner(path, read.bytes);
  }
}

/**
 * `gt tick of ana (pid 4242), for 1m12s, since 2026-11-21T07:25:00.000Z`; for another host it is named too. `now` is RFC 3339;
 * without it the age is left out.
 */
export function describeOwner(owner: Owner, host: string, now?: string): string {
  const where = owner.host === host ? '' : ` on ${owner.host}`;
  const age = Math.floor((Date.parse(now ?? '') - Date.parse(owner.since)) / 1000) * 1000;
  const lasting = age >= 0 ? `, for ${printDuration(age)}, since` : ' since';
  return `${owner.command} of ${owner.user}${where} (pid ${owner.pid})${lasting} ${owner.since}`;
}

function parseOwner(path: string, bytes: Buffer): OwnerRecord {
  if (bytes.every((byte) => byte === 0))
    return { kind: 'damaged', reason: 'is no lock of gt: it is empty', blank: blankAt(path) };
  try {
    const parsed = v.safeParse(ownerSchema, JSON.parse(bytes.toString('utf8')), { abortEarly: true });
    if (parsed.success) return { kind: 'ok', owner: parsed.output };
  } catch {
    // Not JSON: said below.
  }
  return { kind: 'damaged', reason: 'is no lock of gt: it does not name its owner' };
}

/** Whose program this is, for whoever finds the lock taken. */
export function userName(): string {
  return process.env.USER ?? process.env.LOGNAME ?? `uid ${process.getuid?.() ?? '?'}`;
}
