import { exitStatus } from '../../exit.ts';
import type { Context } from '../context.ts';
import { lookAtTown } from '../pane-teller.ts';
import { paneLines } from '../talk/peek.ts';
import { sessionAsked } from './worker-desk.ts';

export interface SessionCaptureOptions {
  readonly town?: string | undefined;
  readonly target: string;
  readonly lines?: string | undefined;
}

/** `gt session capture R/N [COUNT]` (spec/agents.md §1.6): what a session's pane shows, made printable. */
export async function sessionCaptureCommand(
  { town, target, lines }: SessionCaptureOptions,
  context: Context,
): Promise<number> {
  const seen = await lookAtTown(town, context, { reading: true });
  const shown = await paneLines(sessionAsked(target, seen, context), lines, seen);
  context.stdout(shown.lines.map((line) => `${line}\n`).join(''));
  return exitStatus.done;
}
