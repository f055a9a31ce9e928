import type { Pane } from '../model/pane.ts';
import type { Outcome } from '../model/plan.ts';
import { readDescendants } from '../observe/processes.ts';
import { fault } from '../persist/fault.ts';
import { processTable } from '../persist/process-identity.ts';
import { killPane, remainOnExit, tag } from '../tmux/commands.ts';
import { listPanes } from '../tmux/panes.ts';
import { runScript } from '../tmux/script.ts';
import { capture, type Ending, endProcesses } from './end-processes.ts';
import { giveBack } from './give-back.ts';
import { failed, skipped } from './outcome.ts';
import type { Job } from './requests.ts';
import type { World } from './world.ts';

interface Living {
  readonly job: Job;
  readonly pane: Pane;
}

const moved = 'another process runs in its pane now; the next pass looks again';

/**
 * Ends the agents of these requests together: looks once more whether each pane still runs the process that was seen,
 * captures everything below it, TERM, wait, KILL. An agent without a living pane has ended already. A person's other
 * panes in the session are left alone.
 */
export async function endAgents(
  jobs: readonly Job[],
  world: World,
): Promise<{ readonly ended: readonly Job[]; readonly outcomes: readonly Outcome[] }> {
  const outcomes: Outcome[] = [];
  const ended: Job[] = [];
  const found: Living[] = [];
  const listed = await listPanes(world.client);
  for (const job of jobs) {
    const { action } = job;
    if (!listed.known) {
      outcomes.push(
        await leave(job, failed(action, `its pane cannot be looked at: ${listed.reason}`, 'tmux'), world),
      );
      continue;
    }
    const panes = listed.value.kind === 'absent' ? [] : listed.value.panes;
    const pane = panes.find(
      (candidate) => candidate.pane === action.pane && candidate.session === action.session,
    );
    if (pane === undefined || pane.dead !== null) ended.push(job);
    else if (pane.pid !== action.panePid)
      outcomes.push(await leave(job, skipped(action, 'changed', moved), world));
    else found.push({ job, pane });
  }
  const { living, outcomes: unkept } = await keepPlaces(found, world);
  outcomes.push(...unkept);
  fault('act.before-kill');
  const survivors = await endAll(
    living.map(({ pane }) => pane),
    world,
  );
  fault('act.killed');
  for (const { job, pane } of living) {
    if (survivors.has(pane.pid))
      outcomes.push(
        await leave(job, failed(job.action, `process ${pane.pid} outlived SIGKILL`, 'survived'), world),
      );
    else ended.push(job);
  }
  await removePanes(ended, world);
  return { ended, outcomes };
}

/**
 * A successor needs its predecessor's place: before anybody is ended, tmux is told to keep the pane when its process has
 * ended, and the session that this pane is the agent's.
 */
async function keepPlaces(
  found: readonly Living[],
  world: World,
): Promise<{ readonly living: readonly Living[]; readonly outcomes: readonly Outcome[] }> {
  const { client, layout } = world;
  const blocks = found.flatMap(({ job: { action, asked }, pane: { pane, pid } }) => {
    if (asked === 'shutdown') return [];
    const owner = { town: layout.root, agent: action.agent };
    return [
      {
        id: action.id,
        guard: { pane, panePid: pid },
        commands: [remainOnExit(pane), ...tag(pane, owner)],
      },
    ];
  });
  const results = await runScript(client, blocks, { startServer: false });
  const living: Living[] = [];
  const outcomes: Outcome[] = [];
  for (const one of found) {
    const { job } = one;
    const kept = results.find(({ id }) => id === job.action.id);
    if (kept === undefined || kept.result === 'ok') living.push(one);
    else if (kept.result === 'skipped')
      outcomes.push(await leave(job, skipped(job.action, 'changed', moved), world));
    else
      outcomes.push(
        await leave(job, failed(job.action, `its pane cannot be kept: ${kept.error}`, 'tmux'), world),
      );
  }
  return { living, outcomes };
}

async function leave(job: Job, outcome: Outcome, world: World): Promise<Outcome> {
  const trouble = await giveBack(job.action, job.held, world);
  return trouble === null ? outcome : { ...outcome, error: `${outcome.error ?? ''}; ${trouble}` };
}

/** The pane pids whose trees could not be ended. */
export async function endAll(
  panes: readonly Pane[],
  { pause, now, run, operatorEnv }: World,
): Promise<ReadonlySet<number>> {
  if (panes.length === 0) return new Set();
  const ending: Ending = { processes: processTable(), signal: process.kill, pause, now };
  const below = await readDescendants(
    panes.map(({ pid }) => pid),
    run,
    operatorEnv,
  );
  const trees = panes.map(({ pid }) => {
    const found = below.get(pid);
    const pids = found?.known ? found.value.map((process) => process.pid) : [];
    return { pid, captured: capture([...pids, pid], ending) };
  });
  const left = await endProcesses(
    trees.flatMap(({ captured }) => captured),
    ending,
  );
  const alive = new Set(left.map(({ pid }) => pid));
  return new Set(
    trees.filter(({ captured }) => captured.some(({ pid }) => alive.has(pid))).map(({ pid }) => pid),
  );
}

/** Where the agent is to stay away, its own pane goes; with it the session, unless a person has panes of their own there. */
async function removePanes(jobs: readonly Job[], { client }: World): Promise<void> {
  const blocks = jobs.flatMap(({ action, asked }) => {
    const { pane, panePid } = action;
    if (asked !== 'shutdown' || pane === null || panePid === null) return [];
    return [{ id: action.id, guard: { pane, panePid }, commands: [killPane(pane)] }];
  });
  await runScript(client, blocks, { startServer: false });
}
