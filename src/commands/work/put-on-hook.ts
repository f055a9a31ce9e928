import { exitStatus, Failure } from '../../exit.ts';
import type { Agent } from '../../model/agent.ts';
import type { WorkItem } from '../../model/work-item.ts';
import { oneLine } from '../../show/printable.ts';
import type { Context } from '../context.ts';
import { valueIn } from '../mail/desk.ts';
import { create, type MeantWork } from './find-work.ts';
import { hookOf, noSuchWork, recordState, type WorkDesk } from './work-desk.ts';

/**
 * Hangs work on an agent's hook and writes into the agent's record that it works (spec/agents.md §3.3); returns the work.
 * Refused (exit 1) when the work is closed or on somebody else's hook, and when other work hangs there; `force` puts that
 * back among the open work first. Doing it twice is harmless. New work is written down only when the hook can take it, and
 * is closed again when it did not. `onFound` is told before anything hangs.
 */
export async function putOnHook(
  meant: MeantWork,
  agent: Agent,
  force: boolean,
  desk: WorkDesk,
  context: Context,
  onFound?: (item: WorkItem) => void,
): Promise<WorkItem> {
  const { work } = desk.store;
  const others = await givingWay(meant, agent, force, desk);
  const item = meant.kind === 'item' ? meant.item : await create(meant.title, meant.description, desk);
  onFound?.(item);
  try {
    if (item.state.is !== 'hooked' || item.state.agent !== agent.id) await take(item, agent, force, desk);
  } catch (error) {
    if (meant.kind === 'new') await work.close(item.id, desk.sender, 'it could not be hung on a hook');
    throw error;
  }
  for (const { id } of others) valueIn(await work.unhook(id));
  await recordState(agent, 'working', desk, context);
  return item;
}

/**
 * The work that has to leave an agent's hook before this hangs there. Refused (exit 1) when it must not, or when what is
 * meant cannot be had: it is closed, or on somebody else's hook. Writes nothing.
 */
export async function givingWay(
  meant: MeantWork,
  agent: Agent,
  force: boolean,
  desk: WorkDesk,
): Promise<readonly WorkItem[]> {
  const item = meant.kind === 'item' ? meant.item : null;
  const others = (await hookOf(agent, desk)).filter(({ id }) => id !== item?.id);
  const [other] = others;
  if (other !== undefined && !force) {
    throw refused(
      `${agent.id} already has ${other.id} (${oneLine(other.title, 80)}) on its hook. With --force it goes back to the open work.`,
    );
  }
  if (item?.state.is === 'closed') throw closed(item);
  if (item?.state.is === 'hooked' && item.state.agent !== agent.id && !force)
    throw taken(item, item.state.agent);
  return others;
}

async function take(item: WorkItem, agent: Agent, force: boolean, { store }: WorkDesk): Promise<void> {
  if (item.state.is === 'hooked' && force) valueIn(await store.work.unhook(item.id));
  const changed = valueIn(await store.work.hook(item.id, agent.id));
  if (changed.kind === 'done') return;
  if (changed.kind === 'missing') throw noSuchWork(item.id);
  const { state } = changed.item;
  if (state.is === 'closed') throw closed(item);
  if (state.is === 'hooked' && state.agent === agent.id) return;
  throw taken(item, state.is === 'hooked' ? state.agent : 'somebody else');
}

function closed({ id }: WorkItem): Failure {
  return refused(`${id} is closed: there is nothing left to do.`);
}

function taken({ id }: WorkItem, holder: string): Failure {
  return refused(`${id} is on the hook of ${holder}. With --force it changes hands.`);
}

function refused(message: string): Failure {
  return new Failure('hook-taken', exitStatus.failed, message, 'gt work list');
}
