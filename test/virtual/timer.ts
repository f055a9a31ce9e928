import { failed, skipped, succeeded } from '../../src/act/outcome.ts';
import type { Outcome, SpawnMail } from '../../src/model/plan.ts';
import type { Step } from './act.ts';
import { sayTo } from './say.ts';
import { type ActionOf, broke, type World } from './world.ts';

/** Claim, send `WAKE`, settle, one line in the pane: `src/act/wake-agents.ts`. */
export function wakeByTimer(action: ActionOf<'mail'>, aloud: boolean, world: World, step: Step): Outcome {
  const timer = world.mail.find(({ message }) => message.id === action.message);
  if (timer === undefined || world.broken.keeper > 0)
    return failed(action, 'the store does not answer', 'store');
  if (action.resumed ? timer.at !== 'claimed' : timer.at !== 'waiting')
    return skipped(action, 'taken', 'the timer is no longer waiting');
  step();
  timer.at = 'claimed';
  step();
  if (timer.wakes === 0) {
    timer.wakes += 1;
    world.unread.set(action.agent, (world.unread.get(action.agent) ?? 0) + 1);
    step();
  } else if (!action.resumed) broke(world, 'a timer wakes once', action.message);
  timer.at = 'settled';
  step();
  if (aloud) sayTo(action, 'WAKE', false, world, step);
  return succeeded(action);
}

/** Claim, say `Begin.`, settle; put back where it could not be said. */
export function begin(
  action: ActionOf<'nudge'>,
  { message, resumed }: SpawnMail,
  world: World,
  step: Step,
): Outcome {
  const mail = world.mail.find(({ message: { id } }) => id === message);
  if (mail === undefined || world.broken.keeper > 0)
    return failed(action, 'the store does not answer', 'store');
  if (resumed ? mail.at !== 'claimed' : mail.at !== 'waiting')
    return skipped(action, 'taken', 'the mail is no longer waiting');
  step();
  mail.at = 'claimed';
  step();
  const said = sayTo(action, action.text, action.finish, world, step);
  if (said.result === 'ok') mail.at = 'settled';
  else if (said.reason !== 'stranded') mail.at = 'waiting';
  step();
  return said;
}
