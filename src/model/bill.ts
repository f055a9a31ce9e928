import type { AgentId } from './agent.ts';

/** What the keeper did to one agent on one day. */
export interface BillLine {
  /** `YYYY-MM-DD` by the town's local clock. */
  readonly day: string;
  readonly agent: AgentId;
  readonly starts: number;
  readonly nudges: number;
  readonly kills: number;
  /** How many of these were followed by a sign of life. */
  readonly followed: number;
}

/** What the whole town had done to it in one night. */
export interface NightBill {
  /** The day the night began on, `YYYY-MM-DD`. */
  readonly night: string;
  readonly starts: number;
  readonly nudges: number;
}
