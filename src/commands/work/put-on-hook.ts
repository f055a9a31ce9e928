import { exitStatus, Failure } from '../../exit.ts';
import type { Agent } from '../../model/agent.ts';
import type { WorkItem } from '../../model/work-item.ts';
import { oneLine } from '../../show/printable.ts';
import type { Context } from '../context.ts';
import { valueIn } from '../mail/desk.ts';
import { hookOf, noSuchWork, recordState, type WorkDesk } from './work-desk.ts';

/**
 * Hangs work on an agent's hook and writes into the agent's record that it works (spec/agents.md §3.3). Refused (exit 1)
 * when the work is closed or on somebody else's hook, and when other work hangs there; `force` puts that back among the
 * open work first. Doing it twice is harmless.
 */
export async function putOnHook(
  item: WorkItem,
  agent: Agent,
  force: boolean,
  desk: WorkDesk,
  context: Context,
): Promise<void> {
  const { work } = desk.store;
  const others = (await hookOf(agent, desk)).filter(({ id }) => id !== item.id);
  const [other] = others;
  if (other !== undefined && !force) {
    throw refused(
      `${agent.id} already has ${other.id} (${oneLine(other.title, 80)}) on its hook. With --force it goes back to the open work.`,
    );
  }
  if (item.state.is !== 'hooked' || item.state.agent !== agent.id) await take(item, agent, force, desk);
  for (const { id } of others) valueIn(await work.unhook(id));
  await recordState(agent, 'working', desk, context);
}

async function take(item: WorkItem, agent: Agent, force: boolean, { store }: WorkDesk): Promise<void> {
  if (item.state.is === 'hooked' && force) valueIn(await store.work.unhook(item.id));
  const changed = valueIn(await store.work.hook(item.id, agent.id));
  if (changed.kind === 'done') return;
  if (changed.kind === 'missing') throw noSuchWork(item.id);
  const { state } = changed.item;
  if (state.is === 'closed') throw refused(`${item.id} is closed: there is nothing left to do.`);
  if (state.is === 'hooked' && state.agent === agent.id) return;
  throw refused(
    `${item.id} is on the hook of ${state.is === 'hooked' ? state.agent : 'somebody else'}. With --force it changes hands.`,
  );
}

function refused(message: string): Failure {
  return new Failure('hook-taken', exitStatus.failed, message, 'gt work list');
}
