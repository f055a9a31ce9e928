import { exitStatus } from '../../exit.ts';
import type { Agent } from '../../model/agent.ts';
import { jsonText } from '../../show/json.ts';
import type { Context } from '../context.ts';
import type { Desk } from './desk.ts';
import { type Ensured, ensureAgents, failureOfStart } from './ensure.ts';
import { restartAgent } from './restart.ts';
import {
  ensuredDocument,
  restartedLines,
  restartingLine,
  runningLines,
  startedLines,
  startingLine,
  stoppingLine,
  zombieLine,
} from './words.ts';

export interface Doing {
  readonly command: string;
  readonly json: boolean;
}

/** Starts one agent: ensure semantics, upstream's sentences. Throws the failure where it does not run afterwards. */
export async function startOne(agent: Agent, { command, json }: Doing, desk: Desk): Promise<number> {
  const { at, context } = desk;
  const say = sayer(json, context);
  say(startingLine(agent));
  const [ensured] = await ensureAgents([agent], { at, command, context, onZombie: () => say(zombieLine) });
  return told(ensured, ensured?.result === 'running' ? runningLines(agent) : startedLines(agent), json, desk);
}

/** Ends one agent, if it runs, and starts it again. */
export async function restartOne(agent: Agent, { command, json }: Doing, desk: Desk): Promise<number> {
  const { at, context } = desk;
  const say = sayer(json, context);
  const [line, ending] = [restartingLine(agent), stoppingLine(agent)];
  if (line !== null) say(line);
  const onThere = () => (line === null && ending !== null ? say(ending) : undefined);
  const ensured = await restartAgent(agent, { at, command, context, onThere });
  return told(ensured, restartedLines(agent), json, desk);
}

function told(
  ensured: Ensured | undefined,
  lines: readonly string[],
  json: boolean,
  { at, context }: Desk,
): number {
  if (ensured === undefined)
    throw new TypeError('an agent was to be started and nobody said what became of it');
  const failure = failureOfStart(ensured);
  if (failure !== null) throw failure;
  if (json) context.stdout(jsonText({ schema: 'gt.start/1', town: at.root, ...ensuredDocument(ensured) }));
  else for (const line of lines) context.stdout(`${line}\n`);
  if (ensured.error !== null) context.stderr(`⚠ Warning: ${ensured.agent.id} runs, but ${ensured.error}\n`);
  return exitStatus.done;
}

/** Puts lines on stdout, where people read them; `--json` has that to itself. */
export function sayer(json: boolean, context: Context): (line: string) => void {
  return (line) => {
    if (!json) context.stdout(`${line}\n`);
  };
}
