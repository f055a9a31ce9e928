import { failed, succeeded } from '../../src/act/outcome.ts';
import type { Outcome } from '../../src/model/plan.ts';
import type { Step } from './act.ts';
import { checkNotice } from './laws.ts';
import { type ActionOf, broke, livedOf, minuteOf, type World } from './world.ts';

/** Delivers a notice by mail; one that may have been sent by an interrupted pass is known by its token. */
export function tell(action: ActionOf<'alert'>, world: World, step: Step): Outcome {
  if (world.broken.keeper > 0) return failed(action, 'the store does not answer', 'store');
  const { notices } = world.ledger;
  const before = notices.find(({ token }) => token === action.token);
  step();
  if (before === undefined) {
    const { condition, notice, token, to } = action;
    checkNotice(world, condition, notice);
    notices.push({ minute: minuteOf(world), lived: livedOf(world), condition, notice, token, to });
  } else if (!action.retried) broke(world, 'a notice is sent once', action.token);
  step();
  return succeeded(action);
}
