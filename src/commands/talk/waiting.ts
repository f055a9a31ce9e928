import { existsSync } from 'node:fs';
import type { Agent } from '../../model/agent.ts';
import { type Fact, known, unknown } from '../../model/fact.ts';
import type { Message } from '../../model/message.ts';
import type { WorkItem } from '../../model/work-item.ts';
import { namesIn } from '../../store/files/disk.ts';
import { isMessageName, parseWorkName } from '../../store/files/names.ts';
import { boxOf, placeOf } from '../../store/files/place.ts';
import { mailboxOfAgent } from '../../town/mailbox.ts';

/** What waits for an agent: the work on its hook, and its mail, newest first. */
export interface WaitingFor {
  readonly hooked: Fact<readonly WorkItem[]>;
  readonly mail: Fact<readonly Message[]>;
}

/** How long a store kept by another program is waited for, milliseconds: a starting agent waits for the answer. */
const patienceMs = 1500;

const nothing: WaitingFor = { hooked: known([]), mail: known([]) };

/**
 * Asks the store, if there is anything to ask for: mostly nothing waits, and then the names of the files say so, without
 * a library. Never throws.
 */
export async function waitingFor(
  root: string,
  agent: Agent,
  env: Readonly<Record<string, string | undefined>>,
): Promise<WaitingFor> {
  try {
    if (!isElsewhere(root) && isEmptyHere(root, agent)) return nothing;
    const { openStore } = await import('../../store/open.ts');
    const store = openStore(root, Date.now, { env, timeoutMs: patienceMs });
    const [hooked, mail] = await Promise.all([store.work.hooked(), store.mail.inbox(mailboxOfAgent(agent))]);
    return {
      hooked: hooked.known ? known(hooked.value.items.filter((item) => hangsOn(item, agent))) : hooked,
      mail: mail.known ? known(mail.value.items) : mail,
    };
  } catch (error) {
    const reason = unknown(error instanceof Error ? error.message : String(error));
    return { hooked: reason, mail: reason };
  }
}

/** The town may keep its mail and work in a program of its own. */
function isElsewhere(root: string): boolean {
  return existsSync(`${root}/.beads`) || existsSync(`${root}/daemon/store.json`);
}

function isEmptyHere(root: string, agent: Agent): boolean {
  const place = placeOf(root);
  return (
    !namesIn(place.openWork).some((file) => parseWorkName(file)?.hook?.agent === agent.id) &&
    !namesIn(boxOf(place, mailboxOfAgent(agent)).new).some(isMessageName)
  );
}

function hangsOn({ state }: WorkItem, agent: Agent): boolean {
  return state.is === 'hooked' && state.agent === agent.id;
}
