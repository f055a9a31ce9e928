import { type FSWatcher, watch } from 'node:fs';
import type { Layout } from '../../town/layout.ts';
import type { Context } from '../context.ts';

/** File systems that report no changes are looked at this often, milliseconds. */
const everyMs = 5000;

/**
 * Calls `onChange` whenever the town's log may have grown: the system says so, without any polling where it can.
 * Ends when whoever reads our output has gone; else only with the process.
 */
export function watchLog(
  { daemonDir, eventsFile }: Layout,
  onChange: () => void,
  context: Context,
): Promise<void> {
  return new Promise((resolve) => {
    const name = eventsFile.slice(daemonDir.length + 1);
    const watcher = watcherOf(daemonDir, (changed) => {
      if (changed === null || changed === name) onChange();
    });
    const timer = setInterval(onChange, everyMs);
    const end = () => {
      clearInterval(timer);
      watcher?.close();
      resolve();
    };
    context.onClosed?.(end);
    // What came between the first reading and the watch.
    onChange();
  });
}

function watcherOf(dir: string, onChange: (name: string | null) => void): FSWatcher | null {
  try {
    const watcher = watch(dir, (_, name) => onChange(name));
    // Watching is a service of the system that may end; the timer goes on.
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    return null;
  }
}
