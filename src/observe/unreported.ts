import type { Agent } from '../model/agent.ts';
import type { Fact } from '../model/fact.ts';
import type { Tmux } from '../model/pane.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { State } from '../model/state.ts';

/**
 * Agents that we started, that run hooks, and that have not shown life as themselves since: nobody, once all have. In
 * such a town nothing more is read for them.
 */
export function unreported(
  agents: readonly Agent[],
  programs: Snapshot['programs'],
  state: State,
  tmux: Fact<Tmux>,
): readonly Agent[] {
  if (!tmux.known || tmux.value.kind === 'absent') return [];
  const { pid, panes } = tmux.value;
  return agents.filter(({ id }) => {
    const started = state.agents[id]?.started;
    if (started?.ours !== true || started.reported === true || programs[id]?.hooks !== true) return false;
    const own = panes.find(({ pane }) => pane === started.pane);
    return started.serverPid === pid && own?.pid === started.panePid && own.dead === null;
  });
}

/** Those of them who were started so long ago that they should have, whatever the machine's clock did meanwhile. */
export function overdue(
  agents: readonly Agent[],
  state: State,
  wall: number,
  newbornMs: number,
): readonly Agent[] {
  return agents.filter(({ id }) => wall - Date.parse(state.agents[id]?.started?.at ?? '') >= newbornMs);
}
