import { setTimeout as pause } from 'node:timers/promises';
import { exitStatus } from '../../exit.ts';
import type { Found } from '../../store/port.ts';
import { valueIn } from '../mail/desk.ts';
import { type Asked, withdraw } from './ask.ts';
import type { LifecycleDesk } from './desk.ts';

/** What became of a request, as far as its sender knows. */
export interface RequestOutcome {
  readonly state: 'waiting' | 'settled' | 'withdrawn' | 'claimed' | 'unknown';
  /** A slug: `executed`, `superseded`, `not-confirmed` …; null while it is not settled. */
  readonly outcome: string | null;
  readonly reason: string | null;
}

const unheard: RequestOutcome = { state: 'unknown', outcome: null, reason: 'the store does not answer' };

export const sentAndGone: RequestOutcome = { state: 'waiting', outcome: null, reason: null };

/** How often the store is asked, milliseconds. */
const everyMs = 150;
/** A store that takes its time is asked less often: ten who wait must not keep it from whoever answers them. */
const restPerLook = 8;

/**
 * Waits until a request is settled. When the time is up it is withdrawn, unless somebody is carrying it out.
 * `onWait` is told how long it has been, milliseconds.
 */
export async function outcomeOf(
  asked: Asked,
  desk: LifecycleDesk,
  withinMs: number,
  onWait: (waitedMs: number) => void = () => undefined,
): Promise<RequestOutcome> {
  const begun = performance.now();
  for (;;) {
    const asking = performance.now();
    const outcome = await lookOnce(asked, desk);
    const took = performance.now() - asking;
    if (outcome?.state === 'settled') return outcome;
    const waited = performance.now() - begun;
    if (waited >= withinMs) return expired(asked, desk);
    onWait(waited);
    await pause(Math.min(Math.max(everyMs, took * restPerLook), Math.max(1, withinMs - waited)));
  }
}

/** Zero when it was carried out, or was only to be sent; 69 where the store does not say. */
export function exitOf({ state, outcome }: RequestOutcome): number {
  if (state === 'unknown') return exitStatus.unavailable;
  return outcome === 'executed' || state === 'waiting' ? exitStatus.done : exitStatus.failed;
}

/** One line for people; `what` is what was asked for. */
export function outcomeText({ state, outcome, reason }: RequestOutcome, what: string): string {
  const because = reason === null ? '' : `: ${reason}`;
  switch (state) {
    case 'waiting':
      return `✓ Asked for ${what}.\n`;
    case 'claimed':
      return `⚠ Begun and not finished in time: ${what}. To see what becomes of it: gt lifecycle list\n`;
    case 'unknown':
      return `✗ What became of it cannot be told, since the store does not answer: ${what}. It may still be carried out: gt lifecycle list\n`;
    case 'withdrawn':
      return `✗ Nobody carried it out in time: ${what}. The request was withdrawn.\n`;
    case 'settled':
      return outcome === 'executed'
        ? `✓ Done: ${what}.\n`
        : `✗ Not done: ${what} (${outcome ?? 'no outcome'})${because}\n`;
  }
}

/** What cannot be taken back for want of a store may still be carried out: it waits, and that is said. */
async function expired(asked: Asked, desk: LifecycleDesk): Promise<RequestOutcome> {
  if ((await lookOnce(asked, desk)) === null) return unheard;
  if (await withdraw(asked, desk))
    return { state: 'withdrawn', outcome: 'withdrawn', reason: 'nobody carried it out in time' };
  return look(asked, desk);
}

async function look({ id }: Asked, { mail }: LifecycleDesk): Promise<RequestOutcome> {
  return outcomeIn(valueIn(await mail.find(id)));
}

/** Null: the store did not answer this once, which is no reason to wait no longer. */
async function lookOnce({ id }: Asked, { mail }: LifecycleDesk): Promise<RequestOutcome | null> {
  const found = await mail.find(id);
  return !found.known && found.trouble === 'unavailable' ? null : outcomeIn(valueIn(found));
}

function outcomeIn(found: Found): RequestOutcome {
  if (found.kind !== 'found') return sentAndGone;
  const { state } = found.held;
  if (state.is === 'waiting') return sentAndGone;
  if (state.is === 'claimed') return { state: 'claimed', outcome: null, reason: null };
  // Whoever settles a claimed request writes its outcome first; without one it was taken away by hand.
  const { outcome = 'taken away', reason = null } = state.settlement ?? {};
  return { state: 'settled', outcome, reason };
}
