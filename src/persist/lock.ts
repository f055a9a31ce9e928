import { renameSync } from 'node:fs';
import { fault } from './fault.ts';
import { inWords, notRead, notSaved } from './io-failure.ts';
import { randomToken, successionName } from './leftovers.ts';
import { type Owner, readOwner, userName } from './lock-owner.ts';
import { linked, writeRecord } from './lock-record.ts';
import { type Busy, busy, type Dead, standingAt } from './lock-standing.ts';
import { type ProcessTable, processTable } from './process-identity.ts';
import { removeQuietly } from './replace-file.ts';

export interface LockOptions {
  /** RFC 3339: now. Written into the record, for people. */
  readonly since: string;
  /** Who takes the lock, for people; `gt tick` by default. */
  readonly command?: string;
  /** Who we are and who else runs; the running system's by default. */
  readonly processes?: ProcessTable;
  /** Also takes a lock with nothing in it that is younger than the boot: for a person who says so. */
  readonly anyBlank?: boolean;
}

/** `busy`: nothing was taken, and `message` says who holds it and, where nobody can be asked, how to clear it. */
export type Lock =
  | { readonly kind: 'held'; readonly owner: Owner; readonly recovered: Owner | null; release(): void }
  | Busy;

/**
 * Takes the lock at `path`, or says at once who has it; never waits.
 *
 * The lock is a file with its owner's record in it, made whole by link(2), so a lock always has an owner. An owner that is
 * dead beyond doubt is succeeded: its successor is whoever links its own record to `<path>.after-<dead owner's token>`,
 * and there can be only one such link. The successor looks again whether the lock still leads from the dead owner to itself,
 * then renames its record over the lock. A successor that dies on the way is succeeded in the same manner. Age never decides;
 * a lock with nothing in it, which no `gt` leaves, is succeeded likewise when the machine has been started since.
 * A lock that may not be read is a `Failure` (77, or 74 for a sick disk).
 */
export function acquireLock(
  path: string,
  { since, command = 'gt tick', processes = processTable(), anyBlank = false }: LockOptions,
): Lock {
  const look = () => standingAt(path, processes, anyBlank, since);
  let standing = look();
  if (standing.kind === 'busy') {
    if (standing.errno !== undefined) throw notRead(path, standing.errno, inWords(standing.errno));
    return standing;
  }
  const me: Owner = { ...processes.self, token: randomToken(), since, user: userName(), command };
  const record = writeRecord(path, me);
  try {
    for (let round = 0; round < 1000; round += 1) {
      if (standing.kind === 'busy') return standing;
      const held =
        standing.kind === 'free' ? takeFree(path, record, me) : succeed(path, record, me, standing, look);
      if (held !== null) return held;
      standing = look();
    }
    return busy(path, 'running', null, `${path} changes hands too fast to be taken`);
  } finally {
    removeQuietly(record);
  }
}

function takeFree(path: string, record: string, me: Owner): Lock | null {
  if (!linked(record, path)) return null;
  fault('lock.taken');
  return held(path, me, null);
}

/** Null: somebody else was faster. Giving up is safe at any point before the rename. */
function succeed(
  path: string,
  record: string,
  me: Owner,
  { chain, last }: Dead,
  look: () => ReturnType<typeof standingAt>,
): Lock | null {
  fault('lock.judged-dead');
  const succession = successionName(path, last.token);
  if (!linked(record, succession)) return null;
  try {
    fault('lock.elected');
    if (!leadsTo(me, look())) {
      removeQuietly(succession);
      return null;
    }
    fault('lock.confirmed');
    renameSync(record, path);
  } catch (error) {
    removeQuietly(succession);
    throw notSaved(path, error);
  }
  fault('lock.replaced');
  for (const { token } of chain) removeQuietly(successionName(path, token));
  return held(path, me, chain[0] ?? last);
}

/** Does the lock, through dead owners only, lead to our record? Then nobody else can be its holder. */
function leadsTo(me: Owner, standing: ReturnType<typeof standingAt>): boolean {
  const end = standing.kind === 'dead' ? standing.last : standing.kind === 'busy' ? standing.owner : null;
  return end?.token === me.token;
}

function held(path: string, owner: Owner, recovered: Owner | null): Lock {
  let released = false;
  return {
    kind: 'held',
    owner,
    recovered,
    release(): void {
      if (released) return;
      released = true;
      const record = readOwner(path);
      if (record.kind === 'ok' && record.owner.token === owner.token) removeQuietly(path);
    },
  };
}
