import type { SettleAction } from './requests.ts';
import type { World } from './world.ts';

/**
 * Puts a claimed request back that nothing was done for: a claim that stays says "carried out, or about to be", and the
 * next pass would believe it. A sentence when that did not work.
 */
export async function giveBack({ message }: SettleAction, { store }: World): Promise<string | null> {
  const released = await store.mail.release(message);
  return released.known ? null : `The request ${message} could not be put back: ${released.reason}.`;
}
