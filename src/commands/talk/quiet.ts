import { exitStatus, Failure } from '../../exit.ts';
import { jsonText } from '../../show/json.ts';
import { openStore } from '../../store/open.ts';
import { findTown } from '../../town/find.ts';
import type { Context } from '../context.ts';
import { valueIn } from '../mail/desk.ts';
import { actingAgent } from '../standing.ts';

/** How much an agent wants to be told in its pane; `normal` when nobody said anything. */
export type Level = 'verbose' | 'normal' | 'muted';

/** What `on`, `off` and `status` mean; status when nothing is given. */
export function switchIn(given: string | undefined): Level | null {
  if (given === undefined || given === 'status') return null;
  if (given === 'on' || given === 'off') return given === 'on' ? 'muted' : 'normal';
  throw new Failure('usage', exitStatus.usage, 'on, off or status is expected.', 'gt dnd --help');
}

export function levelIn(given: string | undefined): Level | null {
  if (given === undefined) return null;
  if (given === 'verbose' || given === 'normal' || given === 'muted') return given;
  throw new Failure('usage', exitStatus.usage, 'verbose, normal or muted is expected.', 'gt notify --help');
}

/**
 * `gt dnd [on|off|status]` and `gt notify [LEVEL]` (spec/agents.md §3.6): how much the calling agent is nudged by others.
 * Null asks. The heartbeat and mail are not concerned.
 */
export async function notifyCommand(
  {
    town,
    level,
    json = false,
  }: { readonly town?: string | undefined; readonly level: Level | null; readonly json?: boolean },
  context: Context,
): Promise<number> {
  const { env, cwd } = context;
  const root = findTown({ town, env, cwd });
  const agent = actingAgent(root, { env, cwd });
  if (agent === null)
    throw new Failure(
      'not-an-agent',
      exitStatus.failed,
      'cannot determine agent identity (role: unknown)',
      'gt notify --help',
    );
  const store = openStore(root, () => context.now().getTime());
  const record = valueIn(await store.agents.get(agent.id));
  if (level === null) {
    const now = record?.notifications ?? 'normal';
    if (json) context.stdout(jsonText(levelDocument(agent.id, now)));
    else context.stdout(`${now === 'muted' ? '🔕' : '🔔'} Notification level: ${now}\n`);
    return exitStatus.done;
  }
  const fresh = { agent: agent.id, state: null, cleanup: null };
  const updated = context.now().toISOString();
  valueIn(await store.agents.put({ ...(record ?? fresh), notifications: level, updated }));
  if (json) context.stdout(jsonText(levelDocument(agent.id, level)));
  else context.stdout(`✓ ${agent.id}: notification level ${level}\n`);
  return exitStatus.done;
}

function levelDocument(agent: string, level: string): object {
  return { schema: 'gt.notify/1', agent, level };
}
