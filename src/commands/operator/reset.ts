import { resetAgent } from '../../decide/reset.ts';
import { exitStatus, Failure } from '../../exit.ts';
import type { AgentId } from '../../model/agent.ts';
import { noMemory, type State } from '../../model/state.ts';
import { saveState } from '../../persist/state.ts';
import { jsonText } from '../../show/json.ts';
import { remembered } from '../../show/remembered.ts';
import type { Layout } from '../../town/layout.ts';
import { loadRigs } from '../../town/rigs.ts';
import { agentNamed } from '../agent-named.ts';
import type { Context } from '../context.ts';
import { townOf } from '../rigs/rig.ts';
import { withState } from './edit-state.ts';
import { nameOf, ordererOf } from './hold-rights.ts';
import { logDeed, orderedBy } from './log-deed.ts';

export interface ResetOptions {
  readonly town?: string | undefined;
  /** Any spelling. */
  readonly agent: string;
  readonly json?: boolean | undefined;
}

/**
 * `gt reset AGENT`: forgets what slows its starts and wakings down. What the tick knows of its process stays, and so
 * does a message that still stands in its composer. Takes the tick's lock; exit 75 while a pass is at work for long.
 */
export async function resetCommand(
  { town, agent, json = false }: ResetOptions,
  context: Context,
): Promise<number> {
  const at = townOf(town, context);
  refuseAgents(at, context);
  const { forgot, id } = await withState(at, 'gt reset', context, (loaded) => {
    const { state, kept } = loaded;
    const found = idOf(agent, at, state);
    const before = remembered(state, found);
    if (before.length > 0) saveState(at, forgetful(state, found), kept);
    return { forgot: before, id: found };
  });
  if (forgot.length > 0)
    logDeed(
      at,
      { kind: 'reset', target: id, text: `reset by ${orderedBy(context)}: ${forgot.join('; ')}` },
      context,
    );
  const done =
    forgot.length === 0
      ? `○ Nothing slows ${id} down that could be forgotten.\n`
      : `✓ Forgotten of ${id}: ${forgot.join('; ')}.\n  The next tick decides anew; at once: gt tick --force\n`;
  context.stdout(
    json
      ? jsonText({ schema: 'gt.reset/1', town: at.root, agent: id, changed: forgot.length > 0, forgot })
      : done,
  );
  return exitStatus.done;
}

/** Whoever could let itself go would be held by nothing. */
function refuseAgents(at: Layout, context: Context): void {
  const orderer = ordererOf(at, context);
  if (orderer.is === 'person') return;
  throw new Failure(
    'not-yours',
    exitStatus.permission,
    `${nameOf(orderer, context)} may not: what slows agents down is forgotten for people only.`,
    'gt mail send --human -s "please reset" -m "gt reset …"',
  );
}

function forgetful(state: State, agent: AgentId): State {
  const reset = resetAgent(state, agent);
  const memory = reset.agents[agent];
  if (memory === undefined) return reset;
  const { slot } = memory;
  const kept = slot?.stranded === true ? slot : noMemory.slot;
  return {
    ...reset,
    agents: { ...reset.agents, [agent]: { ...memory, backoff: null, deferrals: null, slot: kept } },
  };
}

/** Also an agent whose directory is gone, as long as something is remembered of it. */
function idOf(given: string, at: Layout, state: State): AgentId {
  const { rigs } = loadRigs(at);
  try {
    return agentNamed(given, { rigs });
  } catch (error) {
    if (error instanceof Failure && Object.hasOwn(state.agents, given)) return given;
    throw error;
  }
}
