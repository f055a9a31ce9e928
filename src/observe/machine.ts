import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import type { Agent, AgentId } from '../model/agent.ts';
import type { Config } from '../model/config.ts';
import { type Fact, known, unknown } from '../model/fact.ts';
import type { Machine } from '../model/machine.ts';
import type { Tmux } from '../model/pane.ts';
import { isShell } from '../model/shells.ts';
import type { HookedWork } from '../model/snapshot.ts';

/** What tells whether this pass may have somebody to start whose start can wait. */
export interface Wanting {
  readonly agents: readonly Agent[];
  readonly tmux: Tmux;
  readonly hooked: Fact<readonly HookedWork[]>;
  readonly keep: Config['tick']['keep'];
}

/** Is there perhaps somebody to start, other than the town's own agents? A yes too many costs two small files. */
export function someoneIsDown({ agents, tmux, hooked, keep }: Wanting): boolean {
  const panes = tmux.kind === 'absent' ? [] : tmux.panes;
  const living = new Set<AgentId | null>(
    panes.filter(({ dead, command }) => dead === null && !isShell(command)).map(({ agent }) => agent),
  );
  const busy = new Set(hooked.known ? hooked.value.map(({ agent }) => agent) : []);
  return agents.some((agent) => {
    const kept = agent.role === 'witness' || (agent.role === 'refinery' && keep.includes('refinery'));
    return (kept || busy.has(agent.id)) && !living.has(agent.id);
  });
}

/** Load and memory of the machine. What this system does not tell is unknown, and never a reason to wait. */
export function readMachine(): Machine {
  return { loadPerCpu: readLoad(), freeMemory: readFreeMemory() };
}

/** The load counts everybody's processes, so all processors of the machine count, not only those that we may use. */
function readLoad(): Fact<number> {
  const [load = 0] = loadavg();
  const count = cpus().length;
  // A system without a load average says 0.
  return load > 0 && count > 0 ? known(load / count) : unknown('this system tells no load average');
}

/** Elsewhere than on Linux only memory that nothing uses at all is told, and that is little on a healthy machine. */
function readFreeMemory(): Fact<number> {
  try {
    const kib = /^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'latin1'))?.[1];
    return kib === undefined ? unknown('/proc/meminfo names no MemAvailable') : known(Number(kib) * 1024);
  } catch (error) {
    return unknown(error instanceof Error ? error.message : String(error));
  }
}
