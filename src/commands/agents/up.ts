import { existsSync } from 'node:fs';
import { exitStatus } from '../../exit.ts';
import type { Agent } from '../../model/agent.ts';
import type { Rig } from '../../model/rig.ts';
import { jsonText } from '../../show/json.ts';
import { rigAgent, townAgent } from '../../town/identity.ts';
import { endShutdown } from '../../town/shutdown-hold.ts';
import type { Context } from '../context.ts';
import { refuseLifting } from '../operator/hold-rights.ts';
import { editing } from '../rigs/rig.ts';
import { deskIn } from './desk.ts';
import { type Ensured, ensureAgents } from './ensure.ts';
import { ensuredDocument, titleOf } from './words.ts';

export interface UpOptions {
  readonly town?: string | undefined;
  readonly quiet: boolean;
  readonly json: boolean;
}

/**
 * `gt up`: the town's own agents and each rig's (spec/agents.md §3.14), by the same starts as everywhere, a few at a
 * time. Ends what `gt down` began (an agent only what it began itself, else 77); agents that were stopped by themselves,
 * and parked rigs, stay as they are.
 */
export async function upCommand({ town, quiet, json }: UpOptions, context: Context): Promise<number> {
  const desk = deskIn(town, context);
  const { at, rigs } = desk;
  const command = 'gt up';
  await endShutdown(at, '*', editing(command, context), (down) => refuseLifting(down, at, context));
  const agents = servicesOf(at.root, rigs);
  let seen = 0;
  const results = await ensureAgents(agents, {
    at,
    command,
    context,
    keepDown: true,
    onEach: (ensured) => {
      seen += 1;
      const bad = ensured.result === 'failed' || (ensured.result === 'refused' && !isLeft(ensured));
      if (!json && (bad || !quiet)) context.stdout(`${lineOf(ensured)}\n`);
      if (json && context.isTerminal) context.stderr(`${seen} of ${agents.length}: ${ensured.agent.id}\n`);
    },
  });
  const failed = results.filter(
    (one) => one.result === 'failed' || (one.result === 'refused' && !isLeft(one)),
  );
  const ok = failed.length === 0;
  if (json)
    context.stdout(jsonText({ schema: 'gt.up/1', town: at.root, ok, agents: results.map(ensuredDocument) }));
  else if (!ok) context.stdout('\n✗ Some services failed to start\n');
  else if (!quiet && results.some(isLeft))
    context.stdout('\n○ Those that are held stay as they are; all others run\n');
  else if (!quiet) context.stdout('\n✓ All services running\n');
  return ok ? exitStatus.done : exitStatus.failed;
}

/** Refineries only where there is a checkout to work in, which is what makes a rig have one (spec/agents.md §5.2). */
function servicesOf(root: string, rigs: readonly Rig[]): readonly Agent[] {
  return [
    townAgent('deacon'),
    townAgent('mayor'),
    ...rigs.flatMap(({ name }) => [
      rigAgent(name, 'witness'),
      ...(existsSync(`${root}/${name}/refinery/rig`) ? [rigAgent(name, 'refinery')] : []),
    ]),
  ];
}

/** Left alone because somebody said so: no failure of ours. */
function isLeft({ code }: Ensured): boolean {
  return code === 'held' || code === 'down';
}

function lineOf(ensured: Ensured): string {
  const { agent, session, result, error, hint } = ensured;
  const name = serviceName(agent);
  if (isLeft(ensured)) return `○ ${name}: ${error ?? ''}${hint === null ? '' : ` (to end that: ${hint})`}`;
  if (result === 'failed' || result === 'refused') return `✗ ${name}: ${error ?? 'failed'}`;
  return `✓ ${name}: ${session}${error === null ? '' : ` (${error})`}`;
}

/** `Deacon`, `Witness (proj)`. */
export function serviceName(agent: Agent): string {
  if (!('rig' in agent)) return titleOf(agent);
  const who = 'name' in agent ? `${agent.rig}/${agent.name}` : agent.rig;
  return `${titleOf(agent)} (${who})`;
}
