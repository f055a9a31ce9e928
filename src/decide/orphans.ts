import type { WorkMemory } from '../model/brake.ts';
import type { HookedWork, Snapshot } from '../model/snapshot.ts';
import type { View } from './rule.ts';
import { hasFinished } from './wanted.ts';

/** Work on a hook that nobody will take up by himself, and why. */
export interface Orphan {
  readonly work: HookedWork;
  readonly why: 'no-such-agent' | 'not-running';
  readonly since: string;
}

/**
 * Hooked work whose holder does not exist, or is not running and nobody keeps it running (spec/tick.md §7.3). Whoever says
 * that it has finished, and whoever is held, raises no alarm (F22, F73).
 */
export function orphansIn(
  { hooked, rigs, tmux }: Snapshot,
  views: readonly View[],
  memories: readonly WorkMemory[],
): readonly Orphan[] {
  if (!hooked.known || !rigs.known || !tmux.known || hooked.value.length === 0) return [];
  const byId = new Map(views.map((view) => [view.agent.id, view]));
  const seen = new Map(memories.map((one) => [one.work, one]));
  return hooked.value.flatMap((work): Orphan[] => {
    const memory = seen.get(work.id);
    if (memory === undefined || memory.parked !== null) return [];
    const view = byId.get(work.agent);
    const orphan = (why: Orphan['why']): Orphan[] => [{ work, why, since: memory.seen.at }];
    if (view === undefined) return orphan('no-such-agent');
    if (view.liveness.is === 'alive' || view.liveness.is === 'unknown' || view.hold !== null) return [];
    return view.wanted || hasFinished(view.record) ? [] : orphan('not-running');
  });
}

/** Not one holder of any work is an agent of this town: the names differ somewhere, and no rule about work can match. */
export function matchesNobody({ hooked, rigs, silentRigs = [] }: Snapshot, views: readonly View[]): boolean {
  if (
    silentRigs.length > 0 ||
    !hooked.known ||
    !rigs.known ||
    hooked.value.length === 0 ||
    views.length === 0
  )
    return false;
  const ids = new Set(views.map(({ agent }) => agent.id));
  return !hooked.value.some(({ agent }) => ids.has(agent));
}
