import { statSync } from 'node:fs';
import { type Message, protocolOf } from '../../model/message.ts';
import type { Touched } from '../port.ts';

/**
 * `last-touched`, which every `bd` writes the id of what it changed to, or showed, but not for a listing; also where the
 * database is a server elsewhere. Databases will not do: each listing gives them a new date (design/peers.md §3).
 */
export function touchedIn(store: string): Touched {
  const file = `${store}/last-touched`;
  try {
    return { file, stamp: statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0 };
  } catch {
    return { file, stamp: 0 };
  }
}

/** Whether a tick answers one of these. A timer is nobody's request: it may wait for days. */
export function requestAmong(messages: readonly Pick<Message, 'subject'>[]): boolean {
  return messages.some(({ subject }) => ['lifecycle', 'spawn'].includes(protocolOf(subject)));
}

/** No file has this date: the next tick looks again, whether anybody writes meanwhile or not. */
export function lookAgain(touched: Touched): Touched {
  return { ...touched, stamp: -1 };
}
