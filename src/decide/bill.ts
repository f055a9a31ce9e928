import type { BillLine, NightBill } from '../model/bill.ts';
import type { TickConfig } from '../model/config.ts';
import type { Action } from '../model/plan.ts';
import { contextLook } from './context-full.ts';

/** The supervision bill: what was done to whom, and whether anything followed. Total and pure. */

const keptDays = 7;
/** A sign of life later than this was not our doing. Milliseconds of awake time. */
export const followMs = 30 * 60_000;

type Counted = 'starts' | 'nudges' | 'kills' | 'followed';

/** The local day of a moment, `YYYY-MM-DD`. `wall`: milliseconds since 1970. */
export function dayOf(wall: number): string {
  const at = new Date(wall);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** One more of these; lines of days long past go. */
export function charge(
  bill: readonly BillLine[],
  agent: string,
  what: Counted,
  wall: number,
): readonly BillLine[] {
  const day = dayOf(wall);
  const oldest = dayOf(wall - (keptDays - 1) * 86_400_000);
  const kept = bill.filter((line) => line.day >= oldest && line.day <= day);
  const index = kept.findIndex((line) => line.day === day && line.agent === agent);
  const line = kept[index] ?? { day, agent, starts: 0, nudges: 0, kills: 0, followed: 0 };
  const more = { ...line, [what]: line[what] + 1 };
  return index < 0 ? [...kept, more] : kept.map((one, i) => (i === index ? more : one));
}

/** What an action counts as; null: nothing. */
export function countedAs(action: Action): Exclude<Counted, 'followed'> | null {
  switch (action.kind) {
    case 'start':
    case 'recreate':
      return 'starts';
    case 'nudge':
      return action.why === contextLook ? null : 'nudges';
    case 'kill':
      return 'kills';
    case 'settle':
      return action.deed === 'cycle' || action.deed === 'restart' ? 'starts' : null;
    case 'mail':
    case 'alert':
      return null;
  }
}

/** The night that `wall` lies in, as the day it began on; null: it is day. */
export function nightOf(wall: number, { from, to }: TickConfig['night']): string | null {
  const at = new Date(wall);
  const minute = at.getHours() * 60 + at.getMinutes();
  if (from === to) return null;
  if (from < to) return minute >= from && minute < to ? dayOf(wall) : null;
  if (minute >= from) return dayOf(wall);
  return minute < to ? dayOf(wall - to * 60_000) : null;
}

/** What has been spent in the running night; null by day. */
export function nightBill(
  before: NightBill | null,
  wall: number,
  night: TickConfig['night'],
): NightBill | null {
  const name = nightOf(wall, night);
  if (name === null) return null;
  return before?.night === name ? before : { night: name, starts: 0, nudges: 0 };
}
