import type { Settlement } from '../../model/message.ts';
import { fault } from '../../persist/fault.ts';
import type { Answer, Claiming, Releasing, Settling } from '../port.ts';
import { type Beads, change, isId, type Opened, show, withBeads } from './beads.ts';
import { guarded } from './guarded.ts';
import { type Issue, isKind } from './issue.ts';
import { readMargin, writeMargin } from './margin.ts';
import { heldOf, settlementOf, stateOf } from './message-issue.ts';
import { reasonText } from './reason.ts';

/** Works on a message as it is now, with no other `gt` in between. Null: there is no such message. */
function onMessage<T>(
  beads: Beads,
  id: string,
  what: string,
  missing: T,
  work: (issue: Issue, opened: Opened) => Promise<Answer<T>>,
): Promise<Answer<T>> {
  if (!isId(id)) return Promise.resolve({ known: true, value: missing });
  return withBeads(beads, what, (opened) =>
    guarded(beads, id, async () => {
      const shown = await show(beads, opened, opened.stores.town.path, id, what);
      if (!shown.known) return shown;
      const issue = shown.value;
      if (issue === null || !isKind(issue, 'message') || issue.status === 'tombstone')
        return { known: true, value: missing };
      return work(issue, opened);
    }),
  );
}

/** One `bd update`: who claimed it and that it is in progress become true together. */
export function claim(beads: Beads, id: string, by: string): Promise<Answer<Claiming>> {
  const what = `message ${id} could not be claimed`;
  return onMessage<Claiming>(beads, id, what, { kind: 'missing' }, async (issue, opened) => {
    if (stateOf(issue).is !== 'waiting') return { known: true, value: { kind: 'taken' } };
    const at = new Date(beads.now()).toISOString();
    const notes = writeMargin(issue.notes, { ...readMargin(issue.notes), claim: { by, at } });
    const args = ['update', id, '--status=in_progress', `--notes=${notes}`];
    const changed = await change(beads, opened, { store: opened.stores.town.path, args }, what);
    if (!changed.known) return changed;
    fault('mail.claimed');
    const held = heldOf({ ...issue, status: 'in_progress', notes });
    return { known: true, value: { kind: 'claimed', held } };
  });
}

export function release(beads: Beads, id: string): Promise<Answer<Releasing>> {
  const what = `message ${id} could not be put back`;
  return onMessage<Releasing>(beads, id, what, { kind: 'not-claimed' }, async (issue, opened) => {
    const { claim: held, ...rest } = readMargin(issue.notes);
    if (issue.status !== 'in_progress' || held === undefined)
      return { known: true, value: { kind: 'not-claimed' } };
    const args = ['update', id, '--status=open', `--notes=${writeMargin(issue.notes, rest)}`];
    const changed = await change(beads, opened, { store: opened.stores.town.path, args }, what);
    if (!changed.known) return changed;
    fault('mail.released');
    return { known: true, value: { kind: 'done' } };
  });
}

export function settleWaiting(beads: Beads, id: string, settlement: Settlement): Promise<Answer<Settling>> {
  const what = `message ${id} could not be settled`;
  return onMessage<Settling>(beads, id, what, { kind: 'missing' }, async (issue, opened) => {
    const state = stateOf(issue);
    if (state.is === 'claimed') return { known: true, value: { kind: 'claimed', by: state.by } };
    // One that a later gt only marked as read is still open; ending it is what was asked for.
    if (state.is === 'settled' && issue.status !== 'open' && issue.status !== 'hooked')
      return { known: true, value: { kind: 'already', settlement: settlementOf(issue) } };
    const closed = await close(beads, opened, id, settlement, what);
    if (!closed.known) return closed;
    fault('mail.retired');
    return { known: true, value: { kind: 'done' } };
  });
}

export function settleClaimed(beads: Beads, id: string, settlement: Settlement): Promise<Answer<Settling>> {
  const what = `message ${id} could not be settled`;
  return onMessage<Settling>(beads, id, what, { kind: 'missing' }, async (issue, opened) => {
    const state = stateOf(issue);
    if (state.is === 'waiting') return { known: true, value: { kind: 'waiting' } };
    if (state.is === 'settled')
      return { known: true, value: { kind: 'already', settlement: settlementOf(issue) } };
    const closed = await close(beads, opened, id, settlement, what);
    if (!closed.known) return closed;
    fault('mail.settled');
    return { known: true, value: { kind: 'done' } };
  });
}

/** Closing and its reason are one change. */
function close(
  beads: Beads,
  { stores, ...opened }: Opened,
  id: string,
  settlement: Settlement,
  what: string,
): Promise<Answer<Issue>> {
  const args = ['close', id, '--force', `--reason=${reasonText(settlement)}`];
  return change(beads, { stores, ...opened }, { store: stores.town.path, args }, what);
}
