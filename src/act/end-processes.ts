import { errnoOf } from '../persist/io-failure.ts';
import { type ProcessTable, standingOf } from '../persist/process-identity.ts';

/** A process as it was when it was captured: another one with its pid is another process. */
export interface Captured {
  readonly pid: number;
  /** Its start time in the system's own words. */
  readonly start: string;
}

export interface Ending {
  readonly processes: ProcessTable;
  readonly signal: (pid: number, name: 'SIGTERM' | 'SIGKILL') => void;
  readonly pause: (ms: number) => Promise<void>;
  readonly now: () => number;
}

/** How long a process may take to save what it has before it is killed, and how long KILL may take. Milliseconds. */
const politeMs = 5_000;
const killMs = 2_000;

/**
 * Captures processes for ending them. We ourselves, process 1 and what is no process are never captured: a command may
 * run inside the very pane it ends (F19, F83).
 */
export function capture(pids: readonly number[], { processes }: Ending): readonly Captured[] {
  return [...new Set(pids)].flatMap((pid) => {
    if (!Number.isSafeInteger(pid) || pid <= 1 || pid === processes.self.pid) return [];
    const found = processes.startOf(pid);
    return found.kind === 'running' && found.start !== '' ? [{ pid, start: found.start }] : [];
  });
}

/**
 * Ends captured processes: TERM to each, wait, then KILL to each that is still the same process (F78). Never a group,
 * never a name, never a pid that has become another process. Gives those that outlived even that.
 */
export async function endProcesses(
  captured: readonly Captured[],
  ending: Ending,
): Promise<readonly Captured[]> {
  const alive = () => captured.filter((one) => isStill(one, ending.processes));
  for (const name of ['SIGTERM', 'SIGKILL'] as const) {
    const targets = alive();
    if (targets.length === 0) return [];
    for (const { pid } of targets) send(pid, name, ending);
    await waitFor(() => alive().length === 0, name === 'SIGTERM' ? politeMs : killMs, ending);
  }
  return alive();
}

function isStill({ pid, start }: Captured, processes: ProcessTable): boolean {
  return standingOf({ ...processes.self, pid, start }, processes) === 'running';
}

/** One that is gone needs no signal; one we may not signal outlives us, and is told so. */
function send(pid: number, name: 'SIGTERM' | 'SIGKILL', { signal }: Ending): void {
  try {
    signal(pid, name);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno !== 'ESRCH' && errno !== 'EPERM') throw error;
  }
}

async function waitFor(condition: () => boolean, within: number, { pause, now }: Ending): Promise<void> {
  const end = now() + within;
  for (let step = 20; !condition() && now() < end; step = Math.min(step * 2, 250)) await pause(step);
}
