import { exitStatus } from '../../exit.ts';
import { jsonText } from '../../show/json.ts';
import type { Context } from '../context.ts';
import { lookAtTown } from '../pane-teller.ts';
import { paneLines } from '../talk/peek.ts';
import { sessionAsked } from './worker-desk.ts';

export interface SessionCaptureOptions {
  readonly town?: string | undefined;
  readonly target: string;
  readonly lines?: string | undefined;
  readonly json?: boolean | undefined;
}

/** `gt session capture R/N [COUNT]` (spec/agents.md §1.6): what a session's pane shows, made printable. */
export async function sessionCaptureCommand(
  { town, target, lines, json = false }: SessionCaptureOptions,
  context: Context,
): Promise<number> {
  const seen = await lookAtTown(town, context, { reading: true });
  const agent = sessionAsked(target, seen, context);
  const shown = await paneLines(agent, lines, seen);
  if (json) context.stdout(jsonText({ schema: 'gt.session.capture/1', agent: agent.id, ...shown }));
  else context.stdout(shown.lines.map((line) => `${line}\n`).join(''));
  return exitStatus.done;
}
