import type { Agent, AgentId } from '../../src/model/agent.ts';
import { draftWith, type Message } from '../../src/model/message.ts';
import type { RequestAction } from '../../src/model/request.ts';
import { addressOf, mailboxOfAgent } from '../../src/town/mailbox.ts';
import { paneOf } from './panes.ts';
import { minute, nextId, type World, wallOf } from './world.ts';

/** Somebody asks the keeper to do something with an agent: the flag first, then the mail. */
export function askFor(
  world: World,
  id: AgentId,
  action: RequestAction,
  flagged: boolean,
  by: 'itself' | 'overseer',
): void {
  const agent = world.agents.find((one) => one.id === id);
  if (agent === undefined) return;
  const meant = paneOf(world, id)?.process?.pid ?? null;
  if (by === 'itself' && meant === null) return;
  if (flagged) world.flags.set(id, new Set([...(world.flags.get(id) ?? []), action]));
  const from = by === 'overseer' ? 'overseer' : addressOf(mailboxOfAgent(agent));
  const body = JSON.stringify({ action, identity: id });
  world.mail.push({
    message: messageOf(world, agent, from, `LIFECYCLE: ${id} requesting ${action}`, body),
    kind: 'request',
    agent: id,
    meant: by === 'itself' ? meant : null,
    at: 'waiting',
    kills: 0,
    wakes: 0,
  });
}

export function setTimer(world: World, id: AgentId, minutes: number): void {
  const agent = world.agents.find((one) => one.id === id);
  if (agent === undefined) return;
  const at = new Date(wallOf(world) + minutes * minute).toISOString();
  world.mail.push({
    message: messageOf(world, agent, addressOf(mailboxOfAgent(agent)), `TIMER: ${id} wake at ${at}`, ''),
    kind: 'timer',
    agent: id,
    meant: null,
    at: 'waiting',
    kills: 0,
    wakes: 0,
  });
}

function messageOf(world: World, _agent: Agent, from: string, subject: string, body: string): Message {
  const id = `m${nextId(world)}`;
  const draft = draftWith({ from, to: 'deacon', subject, body });
  return { ...draft, id, thread: id, at: new Date(wallOf(world)).toISOString() };
}

/** A polecat was spawned: whoever did it says so, and work is on its hook. */
export function spawnMail(world: World, id: AgentId): void {
  const agent = world.agents.find((one) => one.id === id);
  if (agent === undefined || agent.role !== 'polecat') return;
  world.mail.push({
    message: messageOf(
      world,
      agent,
      `${agent.rig}/witness`,
      `POLECAT_STARTED ${agent.rig}/${agent.name}`,
      '',
    ),
    kind: 'spawn',
    agent: id,
    meant: null,
    at: 'waiting',
    kills: 0,
    wakes: 0,
  });
}

/** A new piece of work on the hook of a worker. */
export function hook(world: World, id: AgentId): void {
  const agent = world.agents.find((one) => one.id === id);
  if (agent?.role !== 'polecat' && agent?.role !== 'crew') return;
  world.work.push({ id: `w${nextId(world)}`, agent: id, since: new Date(wallOf(world)).toISOString() });
}
