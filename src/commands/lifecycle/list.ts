import { parseRequest } from '../../decide/lifecycle-request.ts';
import { exitStatus } from '../../exit.ts';
import { type Held, type Message, protocolOf } from '../../model/message.ts';
import { jsonText } from '../../show/json.ts';
import { type ListedRequest, requestsText } from '../../show/lifecycle-list.ts';
import { readFlags } from '../../town/lifecycle-flags.ts';
import { agentsSpelled } from '../../town/spelling.ts';
import type { Context } from '../context.ts';
import { valueIn, warn } from '../mail/desk.ts';
import { type LifecycleDesk, lifecycleDesk } from './desk.ts';

export interface LifecycleListOptions {
  readonly town?: string | undefined;
  readonly json?: boolean | undefined;
}

/** So many settled requests are shown, out of so many settled messages looked at. */
const shown = 50;
const lookedAt = 1000;

/** `gt lifecycle list`: what waits, what is being carried out, what became of the last ones and why. */
export async function lifecycleListCommand(
  { town, json = false }: LifecycleListOptions,
  context: Context,
): Promise<number> {
  const desk = lifecycleDesk(town, context, { reading: true });
  const inbox = valueIn(await desk.mail.inbox('deacon'));
  const history = valueIn(await desk.mail.history('deacon', lookedAt));
  warn([...inbox.warnings, ...history.warnings], context);
  const isRequest = ({ subject }: Message) => protocolOf(subject) === 'lifecycle';
  const past = history.items.filter(({ message }) => isRequest(message));
  const lists = {
    waiting: inbox.items
      .filter(isRequest)
      .map((message) => listed({ mailbox: 'deacon', message, state: { is: 'waiting' } }, desk)),
    claimed: past.filter(({ state }) => state.is === 'claimed').map((held) => listed(held, desk)),
    settled: past
      .filter(({ state }) => state.is === 'settled')
      .slice(0, shown)
      .map((held) => listed(held, desk)),
  };
  if (json) context.stdout(jsonText({ schema: 'gt.lifecycle.list/1', town: desk.at.root, ...lists }));
  else context.stdout(requestsText(lists, new Date(desk.now())));
  return exitStatus.done;
}

function listed({ message, state }: Held, { rigs, at, now }: LifecycleDesk): ListedRequest {
  const parsed = parseRequest(message);
  const request = parsed.kind === 'request' ? parsed : null;
  const meant = request === null || !rigs.known ? [] : agentsSpelled(request.agent, rigs.value);
  const [agent] = meant.length === 1 ? meant : [];
  const flags = agent === undefined ? null : readFlags(at.root, agent);
  const asked = message.at === null ? Number.NaN : Date.parse(message.at);
  const settlement = state.is === 'settled' ? state.settlement : null;
  return {
    id: message.id,
    agent: agent?.id ?? null,
    action: request?.action ?? null,
    from: message.from,
    asked_at: message.at,
    age_seconds: Number.isNaN(asked) ? null : Math.round((now() - asked) / 1000),
    confirmed:
      state.is === 'waiting' && request !== null && flags?.known === true
        ? flags.value.includes(request.action)
        : null,
    outcome: settlement?.outcome ?? null,
    reason: settlement?.reason ?? null,
    by: state.is === 'claimed' ? state.by : (settlement?.by ?? null),
    at: state.is === 'claimed' ? state.at : (settlement?.at ?? null),
  };
}
