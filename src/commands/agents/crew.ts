import { exitStatus } from '../../exit.ts';
import type { Agent } from '../../model/agent.ts';
import { jsonText } from '../../show/json.ts';
import { homeOf } from '../../town/layout.ts';
import type { Context } from '../context.ts';
import { type Desk, deskIn } from './desk.ts';
import { type Ensured, ensureAgents } from './ensure.ts';
import { refuseEnding } from './rights.ts';
import { type Doing, restartOne, startOne } from './start.ts';
import { stopThem } from './stop.ts';
import { failureOfEnd, stopOne } from './stop-one.ts';
import { attachLine, endedDocument, ensuredDocument, shortOf } from './words.ts';
import { crewNamed, type Named } from './workers.ts';

export interface CrewOptions extends Named {
  readonly town?: string | undefined;
  /** Only name those whom it would concern. */
  readonly dryRun?: boolean | undefined;
  readonly json: boolean;
}

/** `gt crew start|stop|restart`: one worker like every agent; of several each goes on whatever becomes of the others. */
export async function crewCommand(
  verb: 'start' | 'stop' | 'restart',
  options: CrewOptions,
  context: Context,
): Promise<number> {
  const desk = deskIn(options.town, context);
  const agents = crewNamed(options, desk);
  const doing = { command: `gt crew ${verb}`, json: options.json };
  if (options.dryRun === true) return tellPlan(verb, agents, options.json, desk);
  const [only, ...others] = agents;
  if (only !== undefined && others.length === 0) {
    if (verb === 'stop') return stopOne(only, doing, desk);
    return verb === 'start' ? startOne(only, doing, desk) : restartOne(only, doing, desk);
  }
  if (verb === 'stop') return stopMany(agents, doing, desk);
  return verb === 'start' ? startMany(agents, doing, desk) : restartMany(agents, doing, desk);
}

function tellPlan(verb: string, agents: readonly Agent[], json: boolean, { at, context }: Desk): number {
  const ids = agents.map(({ id }) => id);
  if (json) context.stdout(jsonText({ schema: `gt.crew-${verb}-plan/1`, town: at.root, agents: ids }));
  else for (const agent of agents) context.stdout(`Would ${verb} ${shortOf(agent)}\n`);
  return exitStatus.done;
}

/** `gt crew at`: upstream's name for starting a worker and sitting down beside it. */
export async function crewAtCommand(
  options: {
    readonly town?: string | undefined;
    readonly name?: string | undefined;
    readonly rig?: string | undefined;
    readonly detached: boolean;
    readonly noTmux: boolean;
  },
  context: Context,
): Promise<number> {
  const { town, name, rig, detached, noTmux } = options;
  const desk = deskIn(town, context, noTmux);
  const [agent] = crewNamed({ names: name === undefined ? [] : [name], rig }, desk);
  if (agent === undefined) throw new TypeError('a crew worker was named and is not there');
  const command = 'gt crew at';
  if (noTmux) {
    context.stdout(`${homeOf(desk.at.root, agent)}\n`);
    return exitStatus.done;
  }
  if (detached) return startOne(agent, { command, json: false }, desk);
  return (await import('./attach.ts')).attachTo(agent, command, desk);
}

async function startMany(agents: readonly Agent[], { command, json }: Doing, desk: Desk): Promise<number> {
  const { at, context } = desk;
  const results = await ensureAgents(agents, {
    at,
    command,
    context,
    onEach: (ensured) => {
      if (!json) context.stdout(`${lineOf(ensured)}\n`);
    },
  });
  return concluded(results, json, desk);
}

async function restartMany(agents: readonly Agent[], { command, json }: Doing, desk: Desk): Promise<number> {
  const { at, context } = desk;
  const { restartAgent } = await import('./restart.ts');
  refuseEnding(agents, at, context);
  const results: Ensured[] = [];
  for (const agent of agents) {
    const ensured = await restartAgent(agent, { at, command, context });
    results.push(ensured);
    if (!json) context.stdout(`${lineOf(ensured)}\n`);
  }
  return concluded(results, json, desk);
}

function concluded(results: readonly Ensured[], json: boolean, { at, context }: Desk): number {
  const ok = results.every(({ result }) => result !== 'failed' && result !== 'refused');
  if (json)
    context.stdout(
      jsonText({ schema: 'gt.start-many/1', town: at.root, ok, agents: results.map(ensuredDocument) }),
    );
  else if (results.length === 0) context.stdout('○ There are no crew workers.\n');
  return ok ? exitStatus.done : exitStatus.failed;
}

async function stopMany(agents: readonly Agent[], { command, json }: Doing, desk: Desk): Promise<number> {
  const { at, context } = desk;
  const results = await stopThem(agents, {
    at,
    command,
    context,
    hold: `stopped with ${command}`,
    onEach: ({ agent, result, error }) => {
      if (json) return;
      const what =
        result === 'stopped' ? '✓ stopped' : result === 'not-running' ? '○ not running' : `✗ ${error}`;
      context.stdout(`${what}: ${shortOf(agent)}\n`);
    },
  });
  const ok = results.every((ended) => failureOfEnd(ended) === null);
  if (json)
    context.stdout(
      jsonText({ schema: 'gt.stop-many/1', town: at.root, ok, agents: results.map(endedDocument) }),
    );
  else if (results.length === 0) context.stdout('○ There are no crew workers.\n');
  return ok ? exitStatus.done : exitStatus.failed;
}

function lineOf({ agent, result, error, hint }: Ensured): string {
  if (result === 'failed' || result === 'refused')
    return `✗ ${shortOf(agent)}: ${error ?? 'failed'}${hint === null ? '' : ` (next: ${hint})`}`;
  const what = result === 'running' ? 'runs already' : 'started';
  return `✓ ${shortOf(agent)}: ${what}. Attach with: ${attachLine(agent)}${error === null ? '' : ` (${error})`}`;
}
