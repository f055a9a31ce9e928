import { recreate, start } from '../model/action.ts';
import type { Outcome } from '../model/plan.ts';
import { listPanes } from '../tmux/panes.ts';
import { failed } from './outcome.ts';
import type { Job } from './requests.ts';
import { type StartAction, startAgents } from './start.ts';
import type { World } from './world.ts';

/** How long tmux may take to notice that a pane's process has ended. Milliseconds. */
const noticeMs = 3_000;

/**
 * Starts agents that asked for a successor, by the same command as a first start: in the same pane where that still
 * stands, so that whoever is attached stays attached, else in a new session.
 */
export async function startAgain(jobs: readonly Job[], world: World): Promise<readonly Outcome[]> {
  if (jobs.length === 0) return [];
  const actions = await startActions(jobs, world);
  const outcomes = await startAgents([...actions.values()], world);
  return jobs.map(({ action }) => {
    const start = actions.get(action.id);
    const outcome = outcomes.find((candidate) => candidate.action === start?.id);
    return outcome === undefined
      ? failed(action, 'its pane did not become free; the next pass goes on', 'tmux')
      : { ...outcome, action: action.id };
  });
}

async function startActions(
  jobs: readonly Job[],
  { client, pause, now }: World,
): Promise<ReadonlyMap<string, StartAction>> {
  const end = now() + noticeMs;
  for (;;) {
    const listed = await listPanes(client);
    const actions = new Map<string, StartAction>();
    for (const { action } of jobs) {
      if (!listed.known) break;
      const panes = listed.value.kind === 'absent' ? [] : listed.value.panes;
      const { agent, session, why, evidence } = action;
      const whom = { agent: { id: agent }, session };
      const there = panes.filter((pane) => pane.session === session);
      const pane =
        there.find((candidate) => candidate.pane === candidate.agentPane) ??
        there.find((candidate) => candidate.pane === action.pane);
      if (there.length === 0) actions.set(action.id, start(whom, why, evidence));
      else if (pane !== undefined && pane.dead !== null) {
        const place = { pane: pane.pane, panePid: pane.pid };
        actions.set(action.id, recreate(whom, place, why, evidence));
      }
    }
    if (actions.size === jobs.length || now() > end) return actions;
    await pause(50);
  }
}
