import type { Fact } from '../model/fact.ts';
import type { Hold, Rig } from '../model/rig.ts';
import { readHolds } from './holds.ts';
import type { Layout } from './layout.ts';
import type { RigEntry } from './registry.ts';
import { loadRigs } from './rigs.ts';

/** One registered rig as `gt rig list` shows it. */
export interface RigStatus {
  readonly name: string;
  readonly prefix: string;
  readonly gitUrl: string;
  /** `unusable`: registered, but its directory is missing or its name cannot be used. */
  readonly status: 'operational' | 'parked' | 'docked' | 'held' | 'unusable' | 'unknown';
  /** What holds the whole rig. */
  readonly hold: Hold | null;
  readonly crew: number;
  readonly polecats: number;
}

/** Every registered rig, with the warnings of reading them. `nowMs` is milliseconds since 1970. */
export function rigStatuses(
  layout: Layout,
  registry: ReadonlyMap<string, RigEntry>,
  nowMs: number,
): { readonly rigs: readonly RigStatus[]; readonly warnings: readonly string[] } {
  const { rigs, warnings } = loadRigs(layout);
  const holds = readHolds(layout, nowMs);
  const usable = new Map<string, Rig>((rigs.known ? rigs.value : []).map((rig) => [rig.name, rig]));
  const statuses = [...registry].map(([name, { prefix, gitUrl }]): RigStatus => {
    const rig = usable.get(name);
    const hold = holds.known ? (holds.value.find(({ target }) => target === name) ?? null) : null;
    const counts = { crew: rig?.crew.length ?? 0, polecats: rig?.polecats.length ?? 0 };
    return { name, prefix, gitUrl, status: statusOf(rig, holds, hold), hold, ...counts };
  });
  const unknown = holds.known ? [] : [`Whether rigs are parked is unknown: ${holds.reason}.`];
  return { rigs: statuses, warnings: [...warnings.map(({ message }) => message), ...unknown] };
}

function statusOf(
  rig: Rig | undefined,
  holds: Fact<readonly Hold[]>,
  hold: Hold | null,
): RigStatus['status'] {
  if (rig === undefined) return 'unusable';
  if (!holds.known) return 'unknown';
  if (hold === null) return 'operational';
  if (hold.kind !== 'parked') return 'held';
  return hold.reason === 'docked' ? 'docked' : 'parked';
}
