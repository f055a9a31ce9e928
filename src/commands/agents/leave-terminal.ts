import { closeSync, openSync } from 'node:fs';
import { isatty } from 'node:tty';

/**
 * Lets go of a terminal that is about to be taken away with the agent that runs us: Node aborts at its end when it
 * cannot give a terminal back as it found it. What is printed from here on nobody reads.
 */
export function leaveTerminal(): void {
  for (const fd of [0, 1, 2]) {
    if (!isatty(fd)) continue;
    closeSync(fd);
    // The lowest free number is the one just closed.
    openSync('/dev/null', fd === 0 ? 'r' : 'w');
  }
}
