import type { AgentRecord } from '../model/agent-record.ts';
import type { Held } from '../model/message.ts';
import type { WorkItem } from '../model/work-item.ts';

/** Everything of a store that can be moved to another. Closed work stays where it is. */
export interface Contents {
  readonly mail: readonly Held[];
  readonly agents: readonly AgentRecord[];
  readonly work: readonly WorkItem[];
}

export interface Counts {
  readonly mail: number;
  readonly agents: number;
  readonly work: number;
}

export function countsOf({ mail, agents, work }: Contents): Counts {
  return { mail: mail.length, agents: agents.length, work: work.length };
}

/** An id as the other store spells it. */
export type IdOf = (id: string, of: 'mail' | 'work') => string;

/** What of `wanted` is not in `found` under its id, whatever is there says. */
export function absentFrom(wanted: Contents, found: Contents, idOf: IdOf): Contents {
  const mail = new Set(found.mail.map(({ message }) => message.id));
  const work = new Set(found.work.map(({ id }) => id));
  const agents = new Set(found.agents.map(({ agent }) => agent));
  return {
    mail: wanted.mail.filter(({ message }) => !mail.has(idOf(message.id, 'mail'))),
    work: wanted.work.filter(({ id }) => !work.has(idOf(id, 'work'))),
    agents: wanted.agents.filter(({ agent }) => !agents.has(agent)),
  };
}

/** Everything in it by its name. */
export function idsOf({ mail, agents, work }: Contents): readonly string[] {
  return [
    ...mail.map(({ message }) => message.id),
    ...work.map(({ id }) => id),
    ...agents.map(({ agent }) => agent),
  ];
}

/** What became of what was moved, on the side it came from. */
export interface Retired {
  /** For people; null: there was nothing. */
  readonly text: string | null;
  /** What was not among what was moved, and stays where it is: ids of messages, or files. */
  readonly stay: readonly string[];
}

/**
 * What of `wanted` is not in `found`, or is there with another content; ids are translated by `idOf`. Dates are compared
 * to the second: not every store keeps more.
 */
export function missingFrom(wanted: Contents, found: Contents, idOf: IdOf): readonly string[] {
  const mail = new Map(found.mail.map((held) => [held.message.id, mailKey(held)]));
  const work = new Map(found.work.map((item) => [item.id, workKey(item)]));
  const agents = new Map(found.agents.map((record) => [record.agent, agentKey(record)]));
  return [
    ...wanted.mail
      .filter((held) => mail.get(idOf(held.message.id, 'mail')) !== mailKey(held))
      .map(({ message }) => message.id),
    ...wanted.work.filter((item) => work.get(idOf(item.id, 'work')) !== workKey(item)).map(({ id }) => id),
    ...wanted.agents
      .filter((record) => agents.get(record.agent) !== agentKey(record))
      .map(({ agent }) => agent),
  ];
}

function mailKey({ mailbox, message, state }: Held): string {
  const { id: _id, at, cc, thread: _thread, replyTo: _replyTo, ...rest } = message;
  const how =
    state.is === 'claimed' ? state.by : state.is === 'settled' ? (state.settlement?.outcome ?? '') : '';
  return JSON.stringify([mailbox, rest, [...cc].sort(), secondOf(at), state.is, how]);
}

function workKey({ id: _id, created, state, ...rest }: WorkItem): string {
  return JSON.stringify([rest, secondOf(created), state.is, state.is === 'hooked' ? state.agent : '']);
}

function agentKey({ updated: _updated, ...rest }: AgentRecord): string {
  return JSON.stringify(rest);
}

function secondOf(date: string | null): number | null {
  return date === null ? null : Math.floor(Date.parse(date) / 1000);
}
