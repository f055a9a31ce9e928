import type { Hold } from '../model/rig.ts';
import { editHolds } from './holds-edit.ts';
import type { Layout } from './layout.ts';
import type { Editing } from './registry-edit.ts';

/**
 * Puts a person's hold into `daemon/holds.json`. It takes the place of the same person's hold on the same target, which is
 * returned; nobody shortens what somebody else asked for. Holds that have ended are cleared away.
 */
export function holdTarget(layout: Layout, hold: Hold, editing: Editing): Promise<Hold | null> {
  return editHolds(layout, editing, (holds) => {
    const before = holds.find((other) => isSame(other, hold)) ?? null;
    const kept = holds.filter((other) => !isSame(other, hold) && !hasEnded(other, editing.at));
    return {
      result: before !== null && hasEnded(before, editing.at) ? null : before,
      holds: [...kept, hold],
    };
  });
}

function isSame(other: Hold, { target, by }: Hold): boolean {
  return other.kind === 'hold' && other.target === target && other.by === by;
}

/** Whether a hold is no longer in force at a time (RFC 3339). */
export function hasEnded({ until }: Pick<Hold, 'until'>, at: string): boolean {
  return until !== null && Date.parse(until) <= Date.parse(at);
}
