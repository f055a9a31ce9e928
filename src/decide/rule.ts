import type { Agent, AgentId } from '../model/agent.ts';
import type { AgentRecord } from '../model/agent-record.ts';
import type { WorkMemory } from '../model/brake.ts';
import type { Config } from '../model/config.ts';
import type { Action, Evidence, Liveness, Note } from '../model/plan.ts';
import type { Hold } from '../model/rig.ts';
import type { HookedWork, Program, SignsOfLife, Snapshot, Warning } from '../model/snapshot.ts';
import type { AgentMemory, Moment } from '../model/state.ts';
import type { Gap } from './gap.ts';
import type { PendingRequest } from './lifecycle.ts';

/** One agent as the rules see it. */
export interface View {
  readonly agent: Agent;
  readonly session: string;
  readonly wanted: boolean;
  /** A command was cut short that was to start it (again): that is finished, whoever it is. */
  readonly asked: boolean;
  readonly liveness: Liveness;
  readonly hold: Hold | null;
  readonly program: Program | undefined;
  readonly signs: SignsOfLife | undefined;
  readonly unreadMail: number;
  /** The oldest piece of work on its hook; null: none, or the store does not answer. */
  readonly work: HookedWork | null;
  readonly workMemory: WorkMemory | null;
  /** What it wrote down about itself. Advice. */
  readonly record: AgentRecord | null;
  /** When its pane last printed something, milliseconds since 1970; null: it has none. */
  readonly output: number | null;
  /** What it asked the keeper to do with it. */
  readonly request: PendingRequest | null;
  /** What we knew of it, with this pass's sightings already in it. */
  readonly memory: AgentMemory;
}

/** What holds for all agents in this pass. */
export interface World {
  readonly snapshot: Snapshot;
  readonly config: Config;
  /** The start of this pass: the time every spent counter carries. */
  readonly now: Moment;
  readonly gap: Gap | null;
  /** Stamps older than this count from here, milliseconds since 1970. */
  readonly agesFrom: number;
  /** The state had to be taken from its backup: nothing is killed and nobody is nudged in this pass. */
  readonly careful: boolean;
  /** Nobody has worked here for as long as we distinguish. */
  readonly deeplyIdle: boolean;
  /** Some agent that should run does not. */
  readonly troubled: boolean;
  /** What of the machine is beyond its limits, so that starts wait that can; null: nothing. */
  readonly overload: Evidence | null;
  /** Whose usage limit has ended and who is woken now: one a pass (design/failures.md F32). */
  readonly thaws: AgentId | null;
}

/** What a rule says of an agent. The first rule that says anything has the last word. */
export interface Verdict {
  readonly action?: Action;
  readonly note?: Note;
  /** What to remember instead of `view.memory`. */
  readonly memory?: AgentMemory;
  readonly warning?: Warning;
}

/** One rule of the heartbeat: total and pure; null means that the rule has nothing to say. */
export type Rule = (view: View, world: World) => Verdict | null;

/** The moment `ms` milliseconds after `now`, RFC 3339. */
export function later(now: Moment, ms: number): string {
  return new Date(Date.parse(now.at) + ms).toISOString();
}
