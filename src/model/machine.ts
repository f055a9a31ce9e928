import type { Fact } from './fact.ts';

/** How much room the machine has for one more agent. Read only in a pass that may start or end somebody. */
export interface Machine {
  /** The load average of the last minute, divided by the number of processors. */
  readonly loadPerCpu: Fact<number>;
  /** Bytes that a program could get without swapping. */
  readonly freeMemory: Fact<number>;
}

/** When agents that can wait are not started; null: that is no reason. */
export interface MachineLimits {
  readonly maxLoadPerCpu: number | null;
  /** Bytes. */
  readonly minFreeMemory: number | null;
}
