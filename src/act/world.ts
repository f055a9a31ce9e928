import type { Agent } from '../model/agent.ts';
import type { Config } from '../model/config.ts';
import type { Fact } from '../model/fact.ts';
import type { Hold } from '../model/rig.ts';
import type { Run } from '../run.ts';
import type { Store } from '../store/port.ts';
import type { TmuxClient } from '../tmux/client.ts';
import type { Layout } from '../town/layout.ts';
import type { OwnProgram } from './launcher.ts';

/** Everything the acts of one pass need from outside. */
export interface World {
  readonly layout: Layout;
  readonly config: Config;
  readonly agents: readonly Agent[];
  readonly client: TmuxClient;
  readonly store: Store;
  readonly run: Run;
  /** The environment of whoever runs us; only an allow-list of it reaches agents. */
  readonly operatorEnv: Readonly<Record<string, string | undefined>>;
  /** The holds in force at this very moment, read again. */
  readonly holdsNow: () => Fact<readonly Hold[]>;
  /** Milliseconds left of the pass's time budget. */
  readonly deadline: () => number;
  /** Milliseconds of a clock that never steps back. */
  readonly now: () => number;
  /** Milliseconds since 1970, for what is written down. */
  readonly wall: () => number;
  readonly pause: (ms: number) => Promise<void>;
  /** Told before each step that takes long; null where nobody watches. */
  readonly onStep: ((text: string) => void) | null;
  /** The running program, for the `gt` that agents find; missing where it is not an installed one. */
  readonly self?: OwnProgram | undefined;
  /** The pass that acts, for the events it leaves. */
  readonly pass?: string | null;
}
