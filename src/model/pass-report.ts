import type { AgentId } from './agent.ts';
import type { Action, Evidence, Note } from './plan.ts';
import type { Warning } from './snapshot.ts';

/** Why a pass ran, or why it did not. */
export type PassReason = 'due' | 'forced' | 'lifecycle' | 'not-due' | 'held' | 'busy' | 'first';

export interface ReportedAction {
  readonly id: string;
  readonly kind: Action['kind'];
  readonly agent: AgentId;
  readonly session: string;
  readonly why: string;
  readonly evidence: Evidence;
  readonly result: 'ok' | 'failed' | 'skipped' | 'planned';
  /** For `failed` and `skipped`: what happened, for people. */
  readonly error: string | null;
}

/**
 * One pass as `gt tick --json` prints it and `daemon/run.json` keeps it (design/contract.md §2).
 * A pass that did not run has nulls where it has nothing to tell.
 */
export interface PassReport {
  readonly schema: 'gt.tick/1';
  readonly town: string;
  readonly pass: string | null;
  readonly ran: boolean;
  readonly reason: PassReason;
  readonly dry_run: boolean;
  /** RFC 3339. */
  readonly started_at: string | null;
  readonly finished_at: string | null;
  readonly actions: readonly ReportedAction[];
  readonly notes: readonly Note[];
  /** Only where an obstacle kept the pass from asking its rules: the conditions that held when they were last asked. */
  readonly unjudged?: readonly string[];
  readonly warnings: readonly Warning[];
  readonly agents: AgentCounts | null;
  readonly idle_seconds: number | null;
  readonly interval_seconds: number | null;
  readonly next_due_at: string | null;
  /** Programs the pass started. */
  readonly subprocesses: number;
  /** The exit status of the pass. */
  readonly exit: number;
}

/** How the agents were found. Those that nobody asked us to keep count only where they are. */
export interface AgentCounts {
  readonly alive: number;
  readonly dead: number;
  readonly absent: number;
  readonly unknown: number;
  readonly held: number;
}
