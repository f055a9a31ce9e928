import type { AgentId } from './agent.ts';

/**
 * What an agent, or somebody for it, wrote down about itself. Advice: tmux and the process table decide whether it
 * lives (design: what decides liveness). A missing record says nothing.
 */
export interface AgentRecord {
  readonly agent: AgentId;
  /** `spawning`, `running`, `working`, `idle`, `stuck`, `stopped`, `done`, `dead` …; null when unset. */
  readonly state: string | null;
  /** `verbose`, `normal` or `muted`; null when unset. */
  readonly notifications: string | null;
  /** `clean`, `has_uncommitted`, `has_stash`, `has_unpushed` …; null when unset. */
  readonly cleanup: string | null;
  /** RFC 3339 of the last change; null when unknown. */
  readonly updated: string | null;
}
