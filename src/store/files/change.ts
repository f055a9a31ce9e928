import type { Settlement } from '../../model/message.ts';
import { fault } from '../../persist/fault.ts';
import { syncDirectory } from '../../persist/replace-file.ts';
import type { Claiming, Releasing, Settling } from '../port.ts';
import { readEntry } from './boxes.ts';
import { makeDir, moveFile, replaceFile } from './disk.ts';
import { newId } from './id.ts';
import { type Located, locate, outcomeFile, settlementOf } from './locate.ts';
import type { Means } from './means.ts';
import { settlementText } from './message-file.ts';
import { spellMessage } from './names.ts';
import { boxOf } from './place.ts';

/** The rename out of `new` decides: of any number of callers one succeeds, the others find it gone. */
export function claim(means: Means, id: string, by: string): Claiming {
  const found = locate(means.place, id);
  if (found === null) return { kind: 'missing' };
  if (found.stage !== 'new') return { kind: 'taken' };
  const read = readEntry(found);
  if (read.kind !== 'message') return { kind: read.kind === 'absent' ? 'taken' : 'missing' };
  const at = means.now();
  const box = boxOf(means.place, found.mailbox);
  makeDir(box.claimed);
  const path = `${box.claimed}/${spellMessage({ ...found, claim: { by, at } })}`;
  if (!moveFile(found.path, path)) return { kind: 'taken' };
  syncDirectory(box.claimed);
  syncDirectory(box.new);
  fault('mail.claimed');
  const state = { is: 'claimed', by, at: new Date(at).toISOString() } as const;
  return { kind: 'claimed', held: { mailbox: found.mailbox, message: read.message, state } };
}

export function release(means: Means, id: string): Releasing {
  const found = locate(means.place, id);
  if (found === null || found.stage !== 'claimed') return { kind: 'not-claimed' };
  const box = boxOf(means.place, found.mailbox);
  if (!moveFile(found.path, `${box.new}/${spellMessage({ ...found, claim: null })}`))
    return { kind: 'not-claimed' };
  syncDirectory(box.new);
  syncDirectory(box.claimed);
  fault('mail.released');
  return { kind: 'done' };
}

/** Ends a waiting message: moved first, explained second, so that two callers cannot both have ended it. */
export function settleWaiting(means: Means, id: string, settlement: Settlement): Settling {
  const found = locate(means.place, id);
  if (found === null) return { kind: 'missing' };
  if (found.stage !== 'new') return settledOrClaimed(means, found);
  if (!moveToDone(means, found)) return retry(means, id);
  fault('mail.retired');
  try {
    writeOutcome(means, found, settlement);
  } catch {
    // It is settled; on a full disk it stays without its reason.
  }
  return { kind: 'done' };
}

/** Ends a claimed message: explained first, moved second, so that it is never done without its outcome. */
export function settleClaimed(means: Means, id: string, settlement: Settlement): Settling {
  const found = locate(means.place, id);
  if (found === null) return { kind: 'missing' };
  if (found.stage === 'new') return { kind: 'waiting' };
  if (found.stage === 'done') return settledOrClaimed(means, found);
  writeOutcome(means, found, settlement);
  fault('mail.outcome-written');
  if (!moveToDone(means, found)) return retry(means, id);
  syncDirectory(boxOf(means.place, found.mailbox).done);
  syncDirectory(boxOf(means.place, found.mailbox).claimed);
  fault('mail.settled');
  return { kind: 'done' };
}

function moveToDone(means: Means, found: Located): boolean {
  const { done } = boxOf(means.place, found.mailbox);
  makeDir(done);
  return moveFile(found.path, `${done}/${spellMessage({ ...found, claim: null })}`);
}

function writeOutcome(means: Means, found: Located, settlement: Settlement): void {
  const box = boxOf(means.place, found.mailbox);
  const now = means.now();
  makeDir(box.tmp);
  makeDir(box.done);
  const path = outcomeFile(means.place, found.mailbox, found.id);
  replaceFile(
    path,
    `${box.tmp}/${newId(found.id, now, means.random)}.outcome`,
    settlementText(settlement, new Date(now).toISOString()),
  );
}

function retry(means: Means, id: string): Settling {
  const moved = locate(means.place, id);
  return moved === null ? { kind: 'missing' } : settledOrClaimed(means, moved);
}

function settledOrClaimed(means: Means, found: Located): Settling {
  if (found.stage === 'claimed') return { kind: 'claimed', by: found.claim?.by ?? '' };
  if (found.stage === 'new') return { kind: 'waiting' };
  return { kind: 'already', settlement: settlementOf(means.place, found.mailbox, found.id) };
}
