import { createRun, type Run } from '../../run.ts';
import type { Store } from '../port.ts';
import { beadsAgents } from './agents.ts';
import type { Beads } from './beads.ts';
import { beadsMail } from './mail.ts';
import { beadsOverview } from './overview.ts';
import { beadsWork } from './work.ts';

export interface BeadsMeans {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Directories searched for `bd`. Default: those of the environment's `PATH`. */
  readonly path?: readonly string[];
  readonly run?: Run;
  /** For one call, in milliseconds. */
  readonly timeoutMs?: number;
  readonly random?: () => number;
}

/** How long one `bd` may take: it may have to wait for another that writes. */
const defaultTimeoutMs = 30_000;

/** What is needed to use a town's beads. */
export function beadsOf(root: string, means: BeadsMeans): Beads {
  const { now, env, timeoutMs = defaultTimeoutMs, random = Math.random } = means;
  const path = means.path ?? (env.PATH ?? '').split(':').filter((directory) => directory !== '');
  const run = means.run ?? createRun({ path });
  return { root, program: { run, env: { ...env, PATH: path.join(':') }, timeoutMs }, path, now, random };
}

/** The store that a town shares with its agents' `bd`. Opening it touches nothing. */
export function openBeads(root: string, means: BeadsMeans): Store {
  const beads = beadsOf(root, means);
  return {
    overview: () => beadsOverview(beads, { keep: true }),
    mail: beadsMail(beads),
    agents: beadsAgents(beads),
    work: beadsWork(beads),
  };
}
