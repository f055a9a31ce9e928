import { setTimeout as pause } from 'node:timers/promises';
import { exitStatus, Failure } from '../../exit.ts';
import type { Context } from '../context.ts';

/** How often the screen is made anew, milliseconds. */
const everyMs = 2000;

/** `gt status --watch`: looks again and again until it is ended, or its terminal has gone. Gives the last look's exit status. */
export async function watchStatus(
  look: () => Promise<{ readonly text: string; readonly exit: number }>,
  json: boolean,
  context: Context,
): Promise<number> {
  if (json || !context.isTerminal) {
    const message = json
      ? '--json prints one document; --watch goes on and on.'
      : '--watch paints a screen, and this is no terminal.';
    throw new Failure('usage', exitStatus.usage, message, 'gt status');
  }
  const closed = new AbortController();
  context.onClosed?.(() => closed.abort());
  let exit = 0;
  while (!closed.signal.aborted) {
    const seen = await look();
    exit = seen.exit;
    // From the top, each line to its end, then whatever an earlier screen left below.
    context.stdout(`\u001b[H${seen.text.replaceAll('\n', '\u001b[K\n')}\u001b[J`);
    await pause(everyMs, undefined, { signal: closed.signal }).catch(() => undefined);
  }
  return exit;
}
