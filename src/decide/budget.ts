import type { TickConfig } from '../model/config.ts';
import type { Action } from '../model/plan.ts';

/** What one pass may still do. More than that waits for the next one (design: budgets per pass). */
export interface Budget {
  readonly starts: number;
  readonly kills: number;
  readonly nudges: number;
}

export function fullBudget({ starts, kills, nudges }: TickConfig['budgets']): Budget {
  return { starts, kills, nudges };
}

/** The budget after this action, or the name of the limit that forbids it. */
export function spend(budget: Budget, action: Action): Budget | 'starts' | 'kills' | 'nudges' {
  switch (action.kind) {
    case 'start':
      return budget.starts > 0 ? { ...budget, starts: budget.starts - 1 } : 'starts';
    case 'recreate': {
      if (budget.starts === 0) return 'starts';
      const kills = action.why === 'bare-shell' ? 1 : 0;
      if (budget.kills < kills) return 'kills';
      return { ...budget, starts: budget.starts - 1, kills: budget.kills - kills };
    }
    case 'settle': {
      if (action.deed === 'retire' || action.deed === 'confirm') return budget;
      const kills = action.pane === null ? 0 : 1;
      const starts = action.deed === 'shutdown' ? 0 : 1;
      if (budget.kills < kills) return 'kills';
      if (budget.starts < starts) return 'starts';
      return { ...budget, kills: budget.kills - kills, starts: budget.starts - starts };
    }
    case 'kill':
      return budget.kills > 0 ? { ...budget, kills: budget.kills - 1 } : 'kills';
    case 'alert':
      return budget;
    case 'mail':
    case 'nudge':
      return budget.nudges > 0 ? { ...budget, nudges: budget.nudges - 1 } : 'nudges';
  }
}
