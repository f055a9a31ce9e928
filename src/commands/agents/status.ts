import type { Agent } from '../../model/agent.ts';
import type { Finding } from '../../model/plan.ts';
import { readEvents } from '../../persist/events.ts';
import { jsonText } from '../../show/json.ts';
import type { Layout } from '../../town/layout.ts';
import { endSeen, tmuxSeen } from '../unseen.ts';
import type { Desk } from './desk.ts';
import { type Looked, lookAt } from './hand.ts';
import { findingOf } from './startable.ts';
import { attachLine, titleOf } from './words.ts';

/** What is told of one agent. `exists`: it has a session of this town; `alive`: the agent itself runs in it; null: that cannot be told. */
export interface Standing {
  readonly agent: Agent;
  readonly session: string;
  readonly exists: boolean | null;
  readonly alive: boolean | null;
  /** RFC 3339; null when nobody saw it start. */
  readonly startedAt: string | null;
  readonly attached: boolean | null;
  /** Why more cannot be said; null when all is known. */
  readonly trouble: string | null;
}

export function standingOf(agent: Agent, looked: Looked): Standing {
  const { session, liveness: found } = findingOf(agent, looked);
  const tmux = tmuxSeen(looked.sight.snapshot);
  const liveness = tmux.known ? found : ({ is: 'unknown', reason: tmux.reason } as const);
  const panes = tmux.known && tmux.value.kind === 'running' ? tmux.value.panes : [];
  const own = panes.filter((pane) => pane.session === session && pane.town === looked.sight.snapshot.town);
  const untold = liveness.is === 'unknown';
  const exists = own.length > 0 || (untold ? null : false);
  return {
    agent,
    session,
    exists,
    alive: untold ? null : liveness.is === 'alive',
    startedAt: looked.loaded.state.agents[agent.id]?.started?.at ?? null,
    attached: exists === null ? null : own.some((pane) => pane.attached > 0),
    trouble: troubleOf(liveness, session),
  };
}

function troubleOf(liveness: Finding['liveness'], session: string): string | null {
  if (liveness.is === 'unknown') return liveness.reason;
  return liveness.is === 'foreign' ? `the session ${session} was not started by this town` : null;
}

/** `gt witness|refinery|mayor|deacon status`: from tmux, not from a file that may lie. Exit 0 in every state; 69 where tmux cannot be asked. */
export async function statusOf(agent: Agent, json: boolean, { at, rigs, context }: Desk): Promise<number> {
  const looked = await lookAt(at, context);
  const seen = standingOf(agent, looked);
  const standing = { ...seen, startedAt: seen.startedAt ?? startOfStopped(agent, at) };
  const rig = 'rig' in agent ? rigs.find(({ name }) => name === agent.rig) : undefined;
  if (json) context.stdout(jsonText(documentOf(standing, rig?.polecats ?? [])));
  else context.stdout(`${linesOf(standing, rig?.polecats ?? []).join('\n')}\n`);
  return endSeen(looked.sight.snapshot, context);
}

/** How far back the log is read for an end. */
const mostEvents = 5_000;

/** Since when one had run that was stopped by a command: nothing else remembers it. A request may have ended a later one. */
function startOfStopped({ id }: Agent, at: Layout): string | null {
  const ends = ['stop', 'settle'];
  const last = readEvents(at, mostEvents).events.findLast(
    ({ agent, kind }) => agent === id && ends.includes(kind),
  );
  const started = last?.evidence.started;
  return typeof started === 'string' ? started : null;
}

/** Upstream's keys (spec/agents.md §1.1.3, §1.2), and ours. */
function documentOf(standing: Standing, polecats: readonly string[]): object {
  const { agent, session, exists, alive, startedAt, attached, trouble } = standing;
  const state = stateOf(standing);
  const ours = { session, session_exists: exists, agent_alive: alive, attached, trouble };
  const since = startedAt === null ? {} : { started_at: startedAt };
  if (!('rig' in agent)) return { agent: agent.id, state, ...since, ...ours };
  if (agent.role !== 'witness') return { rig_name: agent.rig, state, ...since, ...ours };
  return {
    rig_name: agent.rig,
    state,
    ...since,
    monitored_polecats: polecats,
    config: { max_workers: 0, spawn_delay_ms: 0, auto_spawn: false },
    ...ours,
  };
}

function linesOf(standing: Standing, polecats: readonly string[]): readonly string[] {
  const { agent, session, exists, alive, startedAt, attached, trouble } = standing;
  const zombie = exists && !alive ? [`  Agent: ${trouble ?? 'not running in it (gt status says more)'}`] : [];
  const foreign = !exists && trouble !== null ? [`  Note: ${trouble}`] : [];
  const started = startedAt === null ? [] : [`  Started: ${localTime(startedAt)}`];
  if (!('rig' in agent)) {
    const title = titleOf(agent);
    if (stateOf(standing) === 'unknown') return [`? ${title} session: cannot be told: ${trouble ?? ''}`];
    if (!exists)
      return [`○ ${title} session is not running`, ...foreign, '', `Start with: gt ${agent.role} start`];
    return [
      `● ${title} session is running`,
      `  Status: ${attached ? 'attached' : 'detached'}`,
      ...(startedAt === null ? [] : [`  Created: ${localTime(startedAt)}`]),
      ...zombie,
      '',
      `Attach with: ${attachLine(agent)}`,
    ];
  }
  const icon = agent.role === 'witness' ? '🦉 Witness' : '⚙ Refinery';
  const watched = polecats.length === 0 ? ['    (none)'] : polecats.map((name) => `    • ${name}`);
  return [
    `${icon}: ${agent.rig}`,
    '',
    `  State: ${stateLine[stateOf(standing)]}`,
    ...(exists ? [`  Session: ${session}`] : []),
    ...zombie,
    ...foreign,
    ...started,
    ...(agent.role === 'witness' ? ['', '  Monitored Polecats:', ...watched] : []),
  ];
}

const stateLine = { running: '● running', stopped: '○ stopped', unknown: '? cannot be told' } as const;

/** Upstream's words; what cannot be found out is none of them. */
function stateOf({ exists }: Standing): 'running' | 'stopped' | 'unknown' {
  if (exists === null) return 'unknown';
  return exists ? 'running' : 'stopped';
}

/** `2026-11-21 07:06:20`, local. */
function localTime(at: string): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
