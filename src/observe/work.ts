import type { Agent, AgentId } from '../model/agent.ts';
import type { AgentRecord } from '../model/agent-record.ts';
import { type Fact, known, unknown } from '../model/fact.ts';
import type { Tmux } from '../model/pane.ts';
import type { HookedWork } from '../model/snapshot.ts';
import type { Answer, Overview } from '../store/port.ts';

/** Longer titles are cut: every pass keeps its snapshot. */
const longestTitle = 120;

/** Work on hooks, oldest first; unknown while the store does not answer, which is never "no work". */
export function hookedWork(stored: Answer<Overview>): Fact<readonly HookedWork[]> {
  if (!stored.known) return unknown(stored.reason);
  return known(
    stored.value.hooked.flatMap(({ id, title, state }) =>
      state.is === 'hooked'
        ? [{ id, title: title.slice(0, longestTitle), agent: state.agent, since: state.since }]
        : [],
    ),
  );
}

/** Rigs of whose work nothing is known in this pass. */
export function silentRigs(stored: Answer<Overview>): readonly string[] {
  return stored.known ? (stored.value.silent ?? []) : [];
}

/** What agents wrote down about themselves, by agent. */
export function agentRecords(stored: Answer<Overview>): Fact<Readonly<Record<AgentId, AgentRecord>>> {
  if (!stored.known) return unknown(stored.reason);
  return known(Object.fromEntries(stored.value.agents.map((record) => [record.agent, record])));
}

/**
 * Agents with work on the hook whose own pane has printed nothing for `stillMs`: only their files are worth a look.
 * In a busy town there is none, however many work.
 */
export function stillWorkers(
  agents: readonly Agent[],
  hooked: Fact<readonly HookedWork[]>,
  tmux: Fact<Tmux>,
  wall: number,
  stillMs: number,
): readonly Agent[] {
  if (!hooked.known || hooked.value.length === 0 || !tmux.known || tmux.value.kind === 'absent') return [];
  const { panes } = tmux.value;
  const holders = new Set(hooked.value.map(({ agent }) => agent));
  return agents.filter(({ id }) => {
    if (!holders.has(id)) return false;
    const pane = panes.find((one) => one.agent === id && one.pane === one.agentPane);
    return pane !== undefined && pane.dead === null && wall - pane.activity * 1000 >= stillMs;
  });
}
