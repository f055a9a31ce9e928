import { exitStatus, Failure } from '../../exit.ts';
import type { Agent } from '../../model/agent.ts';
import { jsonText } from '../../show/json.ts';
import { holderOf } from '../operator/hold-rights.ts';
import type { Desk } from './desk.ts';
import { type Doing, sayer } from './start.ts';
import { type Ended, stopThem } from './stop.ts';
import { endedDocument, notRunningLine, stoppedLine, stoppingLine } from './words.ts';

/** Ends one agent and keeps it down; what does not run is kept down as well. */
export async function stopOne(agent: Agent, { command, json }: Doing, desk: Desk): Promise<number> {
  const { at, context } = desk;
  const say = sayer(json, context);
  const line = stoppingLine(agent);
  if (line !== null) say(line);
  let failure: Failure | null = null;
  await stopThem([agent], {
    at,
    command,
    context,
    hold: `stopped with ${command}`,
    onEach: (ended) => {
      failure = failureOfEnd(ended);
      if (failure !== null) return;
      if (json)
        context.stdout(
          jsonText({
            schema: 'gt.stop/1',
            town: at.root,
            ...endedDocument(ended),
            by: holderOf(at, context),
          }),
        );
      else say(ended.result === 'stopped' ? stoppedLine(agent) : notRunningLine(agent));
    },
  });
  if (failure !== null) throw failure;
  return exitStatus.done;
}

/** The failure of an agent that was to end and did not; null when it is gone. */
export function failureOfEnd({ agent, result, code, error }: Ended): Failure | null {
  if (result === 'stopped' || result === 'not-running') return null;
  return new Failure(
    code ?? 'failed',
    exitStatus.failed,
    `${agent.id} was not stopped: ${error ?? ''}.`,
    'gt status',
  );
}
