import type { AgentId } from './agent.ts';
import type { Evidence } from './plan.ts';

/** Something that was done or found, one line of `daemon/events.jsonl`. */
export interface TownEvent {
  /** RFC 3339. */
  readonly at: string;
  /** A stable slug: `start`, `nudge`, `lock-recovered`, `state-damaged` … */
  readonly kind: string;
  readonly agent: AgentId | null;
  /** The pass it happened in; null for a command's. */
  readonly pass: string | null;
  /** For people. */
  readonly text: string;
  readonly evidence: Evidence;
}
