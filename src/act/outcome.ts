import type { Action, Outcome } from '../model/plan.ts';
import type { Placed } from '../tmux/commands.ts';

/** Where a started agent lives. */
export interface Place extends Placed {
  /** Null when the server was not asked. */
  readonly serverStarted: number | null;
}

/** It took effect. */
export function succeeded(action: Action, place: Place | null = null): Outcome {
  return { ...blank(action), result: 'ok', ...place };
}

/** It was tried and did not work; `reason` is a slug for rules, `error` is for people. */
export function failed(
  action: Action,
  error: string,
  reason: string | null = null,
  place: Place | null = null,
): Outcome {
  return { ...blank(action), result: 'failed', error, reason, ...place };
}

/** It was not tried, for a stated reason. */
export function skipped(action: Action, reason: string, error: string): Outcome {
  return { ...blank(action), result: 'skipped', error, reason };
}

function blank(action: Action): Outcome {
  return {
    action: action.id,
    result: 'failed',
    error: null,
    reason: null,
    pane: null,
    panePid: null,
    serverPid: null,
    serverStarted: null,
    socket: null,
  };
}
