import type { Hold } from '../model/rig.ts';
import { editHolds } from './holds-edit.ts';
import type { Layout } from './layout.ts';
import type { Editing } from './registry-edit.ts';

/** Parks a rig in `daemon/holds.json`. Returns the hold that was there already, or null when it is new. */
export function parkRig(layout: Layout, hold: Hold, editing: Editing): Promise<Hold | null> {
  return editHolds(layout, editing, (holds) => {
    const there = holds.find((other) => isParking(other, hold.target)) ?? null;
    return { result: there, holds: there === null ? [...holds, hold] : null };
  });
}

/** Ends the parking of a rig. Returns the hold that ended, or null when there was none. What `check` throws keeps it. */
export function unparkRig(
  layout: Layout,
  rig: string,
  editing: Editing,
  check: (ending: readonly Hold[]) => void = () => {},
): Promise<Hold | null> {
  return editHolds(layout, editing, (holds) => {
    check(holds.filter((other) => isParking(other, rig)));
    const there = holds.find((other) => isParking(other, rig)) ?? null;
    return { result: there, holds: there === null ? null : holds.filter((other) => !isParking(other, rig)) };
  });
}

function isParking(hold: Hold, rig: string): boolean {
  return hold.kind === 'parked' && hold.target === rig;
}
