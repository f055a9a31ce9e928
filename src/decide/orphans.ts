import type { WorkMemory } from '../model/brake.ts';
import type { Condition, Observed } from '../model/condition.ts';
import type { HookedWork, Snapshot } from '../model/snapshot.ts';
import { human, witnessOf } from './notice-words.ts';
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
    const view = byId.get(work.agent);
    // Parked work is told of as such, with its holder, as long as there is one.
    if (memory === undefined || (memory.parked !== null && view !== undefined)) return [];
    const orphan = (why: Orphan['why']): Orphan[] => [{ work, why, since: memory.seen.at }];
    if (view === undefined) return orphan('no-such-agent');
    if (view.liveness.is === 'alive' || view.liveness.is === 'unknown' || view.hold !== null) return [];
    return view.wanted || hasFinished(view.record) ? [] : orphan('not-running');
  });
}

const orphanedWork = 'orphaned-work';
/** Named in one notice; the others are counted. */
const most = 8;

/** One condition for each rig, told to its witness, and one for all whose holders belong to no rig here (F73). */
export function orphaned(orphans: readonly Orphan[], { rigs }: Snapshot): readonly Observed[] {
  const names = new Set(rigs.known ? rigs.value.map(({ name }) => name) : []);
  const groups = new Map<string | null, Orphan[]>();
  for (const orphan of orphans) {
    const [first = ''] = orphan.work.agent.split('/');
    const rig = names.has(first) ? first : null;
    groups.set(rig, [...(groups.get(rig) ?? []), orphan]);
  }
  return [...groups].map(([rig, group]) => conditionOf(rig, group));
}

function conditionOf(rig: string | null, orphans: readonly Orphan[]): Observed {
  const items = orphans.map(({ work }) => work.id);
  const holders = [...new Set(orphans.map(({ work }) => work.agent))];
  const of = rig === null ? 'this town' : `rig ${rig}`;
  const one = human(rig === null ? orphanedWork : `${orphanedWork}:${rig}`, orphanedWork, null, {
    subject: `ORPHANED_WORK: hooked work of ${of} has no living holder`,
    text: `${items.length === 1 ? '1 piece' : `${items.length} pieces`} of hooked work of ${of} will be taken up by nobody: ${some(orphans.map(sentenceOf), '; ')}.`,
    details: { hook_bead: some(items, ', '), held_by: some(holders, ', ') },
    hint: 'Start its holder, or give the work to somebody else: gt sling WORK AGENT',
  });
  return { ...one, to: rig === null ? 'overseer' : witnessOf(rig), items };
}

const ends: Readonly<Record<Orphan['why'], string>> = {
  'no-such-agent': 'is no agent of this town',
  'not-running': 'is not running, and nobody keeps it running',
};

function sentenceOf({ work, why, since }: Orphan): string {
  return `${work.id} on the hook of ${work.agent} since ${work.since ?? since}, who ${ends[why]}`;
}

function some(list: readonly string[], between: string): string {
  const more = list.length > most ? `${between}and ${list.length - most} more` : '';
  return `${list.slice(0, most).join(between)}${more}`;
}

/** Is this piece of work one that the condition is about? */
export function isOrphanIn({ code, parts = [] }: Condition, work: string): boolean {
  return code === orphanedWork && parts.some(({ name }) => name === work);
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
