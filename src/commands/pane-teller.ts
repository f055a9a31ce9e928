import type { NudgeAction } from '../act/nudge.ts';
import { type Found, findAgent, indexPanes } from '../decide/liveness.ts';
import { nudge } from '../model/action.ts';
import type { Agent, AgentId } from '../model/agent.ts';
import { readClock } from '../observe/clock.ts';
import { loadState } from '../persist/state.ts';
import { findTown } from '../town/find.ts';
import { type Layout, layout } from '../town/layout.ts';
import type { Context } from './context.ts';
import { lookAround, type Sight } from './tick/sight.ts';
import { worldOf } from './tick/world.ts';
import { tmuxSeen } from './unseen.ts';

/** How long one batch of lines may take, milliseconds. */
const patienceMs = 10_000;

/** The town as a command sees it: one tmux client, whatever the number of agents. */
export interface TownSeen {
  readonly at: Layout;
  readonly sight: Sight;
  readonly findings: ReadonlyMap<AgentId, Found>;
}

/** `reading`: the command changes nothing. */
export async function lookAtTown(
  town: string | undefined,
  context: Context,
  { reading = false }: { readonly reading?: boolean } = {},
): Promise<TownSeen> {
  const at = layout(findTown({ town, env: context.env, cwd: context.cwd, reading }));
  const now = readClock(context, at);
  const { state } = loadState(at, { look: true });
  const sight = await lookAround(at, now, state, context);
  const { agents, programs } = sight.snapshot;
  const tmux = tmuxSeen(sight.snapshot);
  const index = indexPanes(tmux, sight.snapshot.town);
  const started = (id: AgentId) => state.agents[id]?.started ?? null;
  const found = (agent: Agent) => findAgent(agent, tmux, index, programs[agent.id], started(agent.id));
  return { at, sight, findings: new Map(agents.map((agent) => [agent.id, found(agent)])) };
}

/** One line for one agent: always a fixed text of ours. */
export interface Line {
  readonly agent: Agent;
  readonly text: string;
  /** A stable slug: why it is said. */
  readonly why: string;
}

/** What became of a line. `why` is a slug, `sentence` completes "it was not told:". */
export type Telling =
  | { readonly result: 'told' }
  | {
      readonly result: 'not-running' | 'unknown' | 'put-off' | 'failed';
      readonly why: string;
      readonly sentence: string;
    };

/**
 * Types lines into the panes of running agents by the same careful typing as the tick's nudges, all of them at once.
 * One answer for each line, in order.
 */
export async function tellPanes(
  lines: readonly Line[],
  seen: TownSeen,
  context: Context,
): Promise<readonly Telling[]> {
  const { sight, at, findings } = seen;
  const found = lines.map((line) => ({ line, finding: findings.get(line.agent.id) }));
  const nudges = found.flatMap(({ line, finding }) => nudgeFor(line, finding));
  const { client, snapshot } = sight;
  if (client === null || nudges.length === 0) return found.map(({ finding }) => unable(finding));
  const { nudgeAgents } = await import('../act/nudge.ts');
  const begun = performance.now();
  const left = () => Math.max(0, begun + patienceMs - performance.now());
  const world = worldOf(sight, client, { layout: at, now: snapshot.now, left }, context);
  const outcomes = new Map((await nudgeAgents(nudges, world)).map((outcome) => [outcome.action, outcome]));
  return found.map(({ line, finding }) => {
    const outcome = outcomes.get(idOf(line));
    if (outcome === undefined) return unable(finding);
    if (outcome.result === 'ok') return { result: 'told' };
    const why = outcome.reason ?? 'failed';
    const sentence = outcome.error ?? outcome.reason ?? 'its pane could not be typed into';
    return { result: outcome.result === 'skipped' ? 'put-off' : 'failed', why, sentence };
  });
}

function idOf({ agent }: Line): string {
  return `nudge:${agent.id}`;
}

function nudgeFor(line: Line, finding: Found | undefined): readonly NudgeAction[] {
  if (finding?.liveness.is !== 'alive') return [];
  const { liveness, session } = finding;
  const { agent, text, why } = line;
  return [nudge({ agent, session }, liveness, { text }, why, {})];
}

/** Why somebody cannot be told anything. */
export function unable(finding: Found | undefined): Exclude<Telling, { readonly result: 'told' }> {
  const of = (result: 'not-running' | 'unknown', why: string, sentence: string) => ({
    result,
    why,
    sentence,
  });
  if (finding === undefined) return of('not-running', 'absent', 'it does not run');
  const { liveness, session } = finding;
  switch (liveness.is) {
    case 'absent':
      return of('not-running', 'absent', `there is no session ${session}`);
    case 'dead':
      return of('not-running', 'dead', 'its process ended');
    case 'shell':
      return of('not-running', 'shell', `only ${liveness.command} is left in its pane`);
    case 'foreign':
      return of('not-running', 'foreign', `the session ${session} belongs to somebody else`);
    case 'unknown':
      return of('unknown', 'unknown', liveness.reason);
    case 'alive':
      return of('unknown', 'unknown', 'nothing became known of it');
  }
}
