import { exitStatus, Failure } from '../../exit.ts';
import type { Agent } from '../../model/agent.ts';
import type { Fact } from '../../model/fact.ts';
import type { Rig } from '../../model/rig.ts';
import type { WorkItem } from '../../model/work-item.ts';
import { oneLine } from '../../show/printable.ts';
import { openStore } from '../../store/open.ts';
import type { Store } from '../../store/port.ts';
import { findTown } from '../../town/find.ts';
import { type Layout, layout } from '../../town/layout.ts';
import { loadRigs } from '../../town/rigs.ts';
import type { Context } from '../context.ts';
import { valueIn, warn } from '../mail/desk.ts';
import { senderHere } from '../mail/sender-here.ts';
import { actingAgent, standingRig } from '../standing.ts';
import { agentMeant, knownRigs } from '../talk/targets.ts';

/** What every command about work uses. */
export interface WorkDesk {
  readonly at: Layout;
  readonly rigs: Fact<readonly Rig[]>;
  readonly store: Store;
  /** The agent the command speaks for; null for a person. */
  readonly agent: Agent | null;
  /** What `GT_ROLE` says, for the record. */
  readonly role: string;
  /** Whoever runs the command, for the record. */
  readonly sender: string;
}

/** `reading`: the command changes nothing. */
export function workDesk(
  town: string | undefined,
  context: Context,
  { reading = false }: { readonly reading?: boolean } = {},
): WorkDesk {
  const { env, cwd } = context;
  const root = findTown({ town, env, cwd, reading });
  const at = layout(root);
  return {
    at,
    rigs: loadRigs(at).rigs,
    store: openStore(root, () => context.now().getTime()),
    agent: actingAgent(root, { env, cwd }),
    role: env.GT_ROLE ?? '',
    sender: senderHere(root, context),
  };
}

/** The agent a command speaks for; somebody has to be (spec/agents.md §3.3). */
export function agentHere({ agent, role }: WorkDesk): Agent {
  if (agent !== null) return agent;
  const who = oneLine(role, 80);
  const why = who === '' ? '' : `: GT_ROLE is ${JSON.stringify(who)}, which is no agent of this town`;
  throw new Failure(
    'not-an-agent',
    exitStatus.failed,
    `cannot determine agent identity (role: unknown)${why}`,
    'gt hook show AGENT',
  );
}

/** The agent a person or another agent means, in any spelling. */
export function agentAsked(given: string, { at, rigs }: WorkDesk, context: Context): Agent {
  const names = knownRigs({ rigs }).map(({ name }) => name);
  return agentMeant(given, { root: at.root, rigs, rig: standingRig(at.root, context, names) });
}

/** Work that is not closed, oldest first; what cannot be read is said. */
export async function openWork({ store }: WorkDesk, context: Context): Promise<readonly WorkItem[]> {
  const { items, warnings } = valueIn(await store.work.list());
  warn(warnings, context);
  return items;
}

/** What hangs on an agent's hook. */
export async function hookOf(agent: Agent, { store }: WorkDesk): Promise<readonly WorkItem[]> {
  const { items } = valueIn(await store.work.hooked());
  return items.filter(({ state }) => state.is === 'hooked' && state.agent === agent.id);
}

/** Writes down how an agent is; what else its record says stays. */
export async function recordState(
  agent: Agent,
  state: string,
  { store }: WorkDesk,
  context: Context,
): Promise<void> {
  const record = valueIn(await store.agents.get(agent.id));
  const fresh = { agent: agent.id, notifications: null, cleanup: null };
  const updated = context.now().toISOString();
  valueIn(await store.agents.put({ ...(record ?? fresh), state, updated }));
}

/** `more`: sentences that follow. */
export function noSuchWork(id: string, more = ''): Failure {
  return new Failure(
    'work-not-found',
    exitStatus.failed,
    `There is no work ${JSON.stringify(oneLine(id))}.${more}`,
    'gt work list',
  );
}
