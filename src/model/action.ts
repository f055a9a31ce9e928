import type { AgentId } from './agent.ts';
import type { Action, Evidence } from './plan.ts';

type Of<K extends Action['kind']> = Extract<Action, { readonly kind: K }>;

/** Whom an action is about. */
interface Whom {
  readonly agent: { readonly id: AgentId };
  readonly session: string;
}

/** Where it was seen. */
interface Place {
  readonly pane: string;
  readonly panePid: number;
}

export function start({ agent, session }: Whom, why: string, evidence: Evidence): Of<'start'> {
  return { kind: 'start', id: `start:${agent.id}`, agent: agent.id, session, why, evidence };
}

export function recreate(
  { agent, session }: Whom,
  { pane, panePid }: Place,
  why: string,
  evidence: Evidence,
): Of<'recreate'> {
  const id = `recreate:${agent.id}`;
  return { kind: 'recreate', id, agent: agent.id, session, pane, panePid, why, evidence };
}

/** `finish`: the text stands in its composer already. */
export function nudge(
  { agent, session }: Whom,
  { pane, panePid }: Place,
  { text, finish = false }: { readonly text: string; readonly finish?: boolean },
  why: string,
  evidence: Evidence,
): Of<'nudge'> {
  const id = `nudge:${agent.id}`;
  return { kind: 'nudge', id, agent: agent.id, session, pane, panePid, text, finish, why, evidence };
}

export function kill(
  { agent, session }: Whom,
  { pane, panePid }: Place,
  why: string,
  evidence: Evidence,
): Of<'kill'> {
  return { kind: 'kill', id: `kill:${agent.id}`, agent: agent.id, session, pane, panePid, why, evidence };
}
