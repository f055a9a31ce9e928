import type { Liveness } from '../model/plan.ts';
import type { AgentMemory, Moment } from '../model/state.ts';

/** Adds what this pass saw of an agent to what we remember of it, before any rule judges. */
export function remember(
  memory: AgentMemory,
  liveness: Liveness,
  where: Where,
  wanted: boolean,
  now: Moment,
): AgentMemory {
  const well = liveness.is === 'alive' || (!wanted && liveness.is !== 'unknown');
  return {
    ...memory,
    started: startedOf(memory, liveness, where, now),
    shellSightings: liveness.is === 'shell' ? memory.shellSightings + 1 : 0,
    troubleSince: well ? null : (memory.troubleSince ?? now.at),
    lastDeath:
      liveness.is === 'dead'
        ? {
            at: liveness.at === null ? now.at : new Date(liveness.at * 1000).toISOString(),
            status: liveness.status,
            signal: liveness.signal,
          }
        : memory.lastDeath,
  };
}

/** Where an agent was found: below a shell of somebody else's, perhaps. */
interface Where {
  readonly serverPid: number;
  readonly below: boolean;
  /** A start of ours that was cut short was to put it there. */
  readonly begun: boolean;
}

/** A process we did not start ourselves, or whose start was never recorded, is as old as our first sight of it. */
function startedOf(
  { started }: AgentMemory,
  liveness: Liveness,
  { serverPid, below, begun }: Where,
  now: Moment,
): AgentMemory['started'] {
  if (liveness.is !== 'alive') return started;
  const { pane, panePid } = liveness;
  const same = started?.pane === pane && started.panePid === panePid && started.serverPid === serverPid;
  if (same) return started;
  return {
    ...now,
    pane,
    panePid,
    serverPid,
    ...(below ? { sighted: true } : {}),
    ...(begun && !below ? { ours: true } : {}),
  };
}
