import { endShutdown } from '../town/shutdown-hold.ts';
import { attempt } from './attempt.ts';
import type { SettleAction } from './requests.ts';
import type { World } from './world.ts';

/**
 * Puts a claimed request back that nothing was done for: a claim that stays says "carried out, or about to be", and the
 * next pass would believe it. `held`: a hold was made for it, and is ended with it. A sentence when that did not work.
 */
export async function giveBack(
  { message, agent }: SettleAction,
  held: boolean,
  { store, layout, wall }: World,
): Promise<string | null> {
  const released = await store.mail.release(message);
  if (!released.known) return `The request ${message} could not be put back: ${released.reason}.`;
  if (!held) return null;
  const editing = { at: new Date(wall()).toISOString(), command: 'gt tick' };
  return attempt(() => endShutdown(layout, agent, editing));
}
