import type { Slot } from '../model/state.ts';

/**
 * May another heartbeat nudge be sent, or is one still pending (spec/tick.md §2.8)?
 * Strict: a pending nudge of exactly the maximum age still blocks.
 */
export function slotOpen(slot: Slot | null, awake: number, maxAgeMs: number): boolean {
  return slot === null || slot.consumed || awake - slot.sent.awake > maxAgeMs;
}

export function consume(slot: Slot | null): Slot | null {
  return slot === null || slot.consumed ? slot : { ...slot, consumed: true, stranded: false };
}
