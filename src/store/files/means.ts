import type { Place } from './place.ts';

/** What the files store needs from outside. */
export interface Means {
  readonly place: Place;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
}
