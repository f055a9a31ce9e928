/**
 * Process groups of programs that are to end with all that they started (failures F64). Each is led by a child of ours,
 * which `spawn` made the leader of a new session before it ran anything: whoever is in that group came of it. Neither tmux
 * nor an agent is ever in one. A group is named by the pid of its leader, which the system gives to nobody else while
 * anybody is left in the group, so that one that outlived its leader is found as well; by parents it would not be.
 */
const leaders = new Set<number>();
const deadly = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** Between two looks at a group that was told to end, milliseconds. */
const stepMs = 10;

interface Child {
  readonly pid?: number | undefined;
  readonly once: (event: 'exit', listener: () => void) => unknown;
}

/** From its first moment this group ends when we do, short of KILL: no terminal reaches it. */
export function startGroup<T extends Child>(start: () => T): T {
  // Before the child is there: it may run for long before we do again.
  if (leaders.size === 0) {
    for (const signal of deadly) process.on(signal, passOn);
    process.on('exit', endAll);
  }
  const child = start();
  const { pid } = child;
  if (pid === undefined) stopListening();
  else {
    leaders.add(pid);
    // The pid of a leader whose group is empty may soon be somebody else's.
    child.once('exit', () => {
      if (!send(pid, 0)) letGroupGo(pid);
    });
  }
  return child;
}

/** What is left of this group is its own affair. */
export function letGroupGo(leader: number): void {
  leaders.delete(leader);
  stopListening();
}

function stopListening(): void {
  if (leaders.size > 0) return;
  for (const signal of deadly) process.off(signal, passOn);
  process.off('exit', endAll);
}

/** Whether this group is still ours to end. */
export function isLed(leader: number): boolean {
  return leaders.has(leader);
}

/** Ends a group of ours: TERM to all in it, and KILL to whoever is left after `graceMs` milliseconds. */
export async function endGroup(leader: number, graceMs: number): Promise<void> {
  const end = performance.now() + graceMs;
  let left = send(leader, 'SIGTERM');
  while (left && performance.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, stepMs));
    left = send(leader, 0);
  }
  if (left) send(leader, 'SIGKILL');
}

/** Where somebody else listens, it is theirs to say what a signal means: a pass finishes its step first. */
function passOn(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  // What a shell started in the background is deaf to an interrupt.
  endAll();
  leaders.clear();
  stopListening();
  process.kill(process.pid, signal);
}

function endAll(): void {
  for (const leader of leaders) send(leader, 'SIGTERM');
}

/** Whether anybody was there to get it. */
function send(leader: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-leader, signal);
  } catch {
    return false;
  }
}
