import { known } from '../model/fact.ts';
import type { SignsOfLife } from '../model/snapshot.ts';
import type { PaneIndex } from './liveness.ts';
import type { View } from './rule.ts';

/**
 * What an agent's signs of life say of itself. Its session's environment reaches every pane that is opened beside its own: a
 * stamp that was made in another pane that is there is somebody else's, a person's who looks, say.
 */
export function ownSigns(
  signs: SignsOfLife | undefined,
  liveness: View['liveness'],
  { serverPid, byPane }: Pick<PaneIndex, 'serverPid' | 'byPane'>,
): SignsOfLife | undefined {
  const made = signs?.pane;
  if (signs === undefined || made === undefined || liveness.is !== 'alive') return signs;
  const isThere = made.server === serverPid && byPane.has(made.pane);
  if (!isThere || made.pane === liveness.pane || !signs.stamp.known) return signs;
  return { ...signs, stamp: known(null) };
}
