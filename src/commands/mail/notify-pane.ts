import type { Agent } from '../../model/agent.ts';
import { protocolOf } from '../../model/message.ts';
import type { Context } from '../context.ts';
import { lookAtTown, type TownSeen, tellPanes } from '../pane-teller.ts';
import { type Notify, nobody } from './notify.ts';

/** Who is told of mail with this subject: its reader, except of what the keeper takes out of the deacon's box by itself. */
export function notifierFor(subject: string, town: string | undefined, context: Context): Notify {
  return protocolOf(subject) === 'mail' ? inPanes(town, context) : nobody;
}

/** Tells agents in their panes. Looks at the town once. */
function inPanes(town: string | undefined, context: Context): Notify {
  let looked: Promise<TownSeen> | null = null;
  return async (agent, text) => {
    try {
      looked ??= lookAtTown(town, context);
      return await tell(agent, text, await looked, context);
    } catch (error) {
      return sentence(agent, error instanceof Error ? error.message : String(error));
    }
  };
}

/** Where there is no tmux, there is no pane to be told in. */
async function tell(agent: Agent, text: string, seen: TownSeen, context: Context): Promise<string | null> {
  if (seen.sight.client === null) return null;
  const [telling] = await tellPanes([{ agent, text, why: 'mail' }], seen, context);
  if (telling === undefined || telling.result === 'told' || telling.result === 'not-running') return null;
  return sentence(agent, telling.sentence);
}

function sentence({ id }: Agent, why: string): string {
  return `${id} was not told of the mail, which is in its inbox: ${why}`;
}
