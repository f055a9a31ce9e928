import { exitStatus } from '../../exit.ts';
import type { Agent } from '../../model/agent.ts';
import type { Finding } from '../../model/plan.ts';
import { jsonText } from '../../show/json.ts';
import type { Desk } from './desk.ts';
import { type Looked, lookAt } from './hand.ts';
import { findingOf } from './startable.ts';
import { attachLine, titleOf } from './words.ts';

/** What is told of one agent. `exists`: it has a session of this town; `alive`: the agent itself runs in it. */
export interface Standing {
  readonly agent: Agent;
  readonly session: string;
  readonly exists: boolean;
  readonly alive: boolean;
  /** RFC 3339; null when nobody saw it start. */
  readonly startedAt: string | null;
  readonly attached: boolean;
  /** Why more cannot be said; null when all is known. */
  readonly trouble: string | null;
  /** A session of its name is there, and somebody else's. */
  readonly isForeign: boolean;
}

export function standingOf(agent: Agent, looked: Looked): Standing {
  const { session, liveness } = findingOf(agent, looked);
  const { tmux } = looked.sight.snapshot;
  const panes = tmux.known && tmux.value.kind === 'running' ? tmux.value.panes : [];
  const own = panes.filter((pane) => pane.session === session && pane.town === looked.sight.snapshot.town);
  return {
    agent,
    session,
    exists: own.length > 0,
    alive: liveness.is === 'alive',
    startedAt: looked.loaded.state.agents[agent.id]?.started?.at ?? null,
    attached: own.some((pane) => pane.attached > 0),
    trouble: troubleOf(liveness, session),
    isForeign: liveness.is === 'foreign',
  };
}

function troubleOf(liveness: Finding['liveness'], session: string): string | null {
  if (liveness.is === 'unknown') return liveness.reason;
  return liveness.is === 'foreign' ? `the session ${session} was not started by this town` : null;
}

/** `gt witness|refinery|mayor|deacon status`: from tmux, not from a file that may lie. Exit 0 in every state. */
export async function statusOf(agent: Agent, json: boolean, { at, rigs, context }: Desk): Promise<number> {
  const looked = await lookAt(at, context);
  const standing = standingOf(agent, looked);
  const rig = 'rig' in agent ? rigs.find(({ name }) => name === agent.rig) : undefined;
  if (json) context.stdout(jsonText(documentOf(standing, rig?.polecats ?? [])));
  else context.stdout(`${linesOf(standing, rig?.polecats ?? []).join('\n')}\n`);
  return exitStatus.done;
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
function stateOf({ exists, trouble, isForeign }: Standing): 'running' | 'stopped' | 'unknown' {
  if (exists) return 'running';
  return trouble === null || isForeign ? 'stopped' : 'unknown';
}

/** `2026-11-21 07:06:20`, local. */
function localTime(at: string): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
