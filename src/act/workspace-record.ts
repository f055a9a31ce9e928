import { fewAtOnce } from '../few-at-once.ts';
import type { Agent } from '../model/agent.ts';
import type { Fact } from '../model/fact.ts';
import type { Action, Evidence } from '../model/plan.ts';
import { appendEvent } from '../persist/events.ts';
import { hasWorkspace, workDirOf } from './work-dir.ts';
import { mostCommits, readWorkspace, type WorkspaceStatus } from './workspace-status.ts';
import type { World } from './world.ts';

/** Somebody who is about to be ended, or started where an agent was. */
export interface Departure {
  readonly agent: Agent;
  readonly action: Pick<Action, 'id' | 'kind' | 'why'>;
}

/** Work trees looked at in the same moment. */
const atOnce = 4;
/** For all of them together: a git that hangs holds nobody up for longer. Milliseconds. */
const longestMs = 5_000;

/**
 * Writes down what each of these agents has in its work tree that is nowhere else, before anything is done to the agent
 * (F29): one event each, kind `workspace`. The work tree is only read. Nothing of this keeps an agent from being ended or
 * started: what git does not say in time is recorded as unknown. By action id: why such a work tree is left as it is.
 */
export async function recordWorkspaces(
  departures: readonly Departure[],
  world: World,
): Promise<ReadonlyMap<string, string>> {
  const { layout, run, operatorEnv: env, now, deadline } = world;
  // What is to be done to their agents takes time too.
  const end = now() + Math.min(longestMs, deadline() / 3);
  const left = () => end - now();
  const unread = new Map<string, string>();
  const own = departures.filter(({ agent }) => hasWorkspace(agent));
  await fewAtOnce(own, atOnce, async ({ agent, action }) => {
    const directory = workDirOf(layout.root, agent);
    const status = directory === null ? null : await readWorkspace(directory, { left, run, env });
    if (directory === null || status === null) return;
    // One that only took too long may still be synced: that has its own time.
    if (!status.known && left() > 0) unread.set(action.id, `${directory} is not synced: ${status.reason}.`);
    record(agent, action, directory, status, world);
  });
  return unread;
}

/** A log that cannot be written is told by the pass, which writes there too. */
function record(
  agent: Agent,
  { id, kind, why }: Departure['action'],
  directory: string,
  status: Fact<WorkspaceStatus>,
  { layout, wall, pass = null }: World,
): void {
  const about = { before: kind, because: why, action: id, directory };
  try {
    appendEvent(layout, {
      at: new Date(wall()).toISOString(),
      kind: 'workspace',
      agent: agent.id,
      pass,
      text: `its work tree${status.known ? `: ${textOf(status.value)}` : ` cannot be looked at: ${status.reason}`}`,
      evidence: { ...about, ...factsOf(status) },
    });
  } catch {
    // Nothing is lost by going on: the work tree itself is not touched.
  }
}

function factsOf(status: Fact<WorkspaceStatus>): Evidence {
  if (!status.known) return { saved: 'unknown', reason: status.reason };
  const { staged, changed, conflicts, untracked, unpushed } = status.value;
  const here = staged + changed + conflicts + untracked + (unpushed ?? 0);
  return { saved: here > 0 ? 'no' : unpushed === null ? 'unknown' : 'yes', ...status.value };
}

/** `on polecat/toast at 1a2b3c4d5e6f; 1 staged, 2 changed, 1 untracked, 3 commits not pushed`. */
function textOf(status: WorkspaceStatus): string {
  const { branch, head, unpushed } = status;
  const place = `${branch === null ? 'on no branch' : `on ${branch}`} ${head === null ? 'without a commit' : `at ${head.slice(0, 12)}`}`;
  const counts = (['staged', 'changed', 'conflicts', 'untracked'] as const).flatMap((name) =>
    status[name] === 0 ? [] : [`${status[name]} ${name === 'conflicts' ? 'in conflict' : name}`],
  );
  const files = counts.length === 0 ? 'nothing that is not committed' : counts.join(', ');
  return `${place}; ${files}, ${commitsText(unpushed)}`;
}

function commitsText(unpushed: number | null): string {
  if (unpushed === null) return 'and whether all of it is pushed cannot be told';
  if (unpushed === 0) return 'nothing that is not pushed';
  const count = unpushed < mostCommits ? String(unpushed) : `${mostCommits} or more`;
  return `${count} ${unpushed === 1 ? 'commit' : 'commits'} not pushed`;
}
