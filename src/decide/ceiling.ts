import type { NightBill } from '../model/bill.ts';
import type { TickConfig } from '../model/config.ts';
import type { Action } from '../model/plan.ts';
import { contextLook } from './context-full.ts';

/** The night's bill with this action, or the name of the ceiling it would break. By day nothing is counted. */
export function spendNight(
  bill: NightBill | null,
  action: Action,
  night: TickConfig['night'],
): NightBill | null | 'starts' | 'nudges' {
  if (bill === null) return null;
  switch (action.kind) {
    case 'start':
    case 'recreate':
      return bill.starts < night.starts ? { ...bill, starts: bill.starts + 1 } : 'starts';
    case 'nudge':
      if (action.why === contextLook) return bill;
      return bill.nudges < night.nudges ? { ...bill, nudges: bill.nudges + 1 } : 'nudges';
    case 'kill':
    case 'settle':
    case 'mail':
    case 'alert':
      return bill;
  }
}
