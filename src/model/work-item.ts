import type { AgentId } from './agent.ts';

/** A piece of work as an agent asks for it. */
export interface WorkDraft {
  readonly title: string;
  readonly description: string;
  readonly by: string;
  readonly priority: 0 | 1 | 2 | 3 | 4;
}

/** Where a piece of work stands. Hooked work is on an agent's hook: the agent is to start on it unasked. */
export type WorkState =
  | { readonly is: 'open' }
  | { readonly is: 'hooked'; readonly agent: AgentId; readonly since: string | null }
  | {
      readonly is: 'closed';
      readonly by: string | null;
      readonly reason: string | null;
      readonly at: string | null;
    };

export interface WorkItem {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly by: string;
  readonly priority: 0 | 1 | 2 | 3 | 4;
  /** RFC 3339; null when the record carries no readable date. */
  readonly created: string | null;
  readonly state: WorkState;
}
