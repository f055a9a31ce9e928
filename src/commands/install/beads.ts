import { initStore } from '../../store/beads/init.ts';
import { beadsOf } from '../../store/beads/open.ts';
import type { Context } from '../context.ts';
import { valueIn } from '../mail/desk.ts';

/** `gt install --store beads`: true when a store was made, false when the town had one. */
export async function installBeads(root: string, { env, now }: Context): Promise<boolean> {
  const beads = beadsOf(root, { env, now: () => now().getTime() });
  return valueIn(await initStore(beads));
}
