import type { Agent } from '../model/agent.ts';
import type { Pane } from '../model/pane.ts';
import { readDescendants } from '../observe/processes.ts';
import { killPane, remainOnExit, tag } from '../tmux/commands.ts';
import { listPanes } from '../tmux/panes.ts';
import { runScript } from '../tmux/script.ts';
import { endAll } from './end-agents.ts';
import type { World } from './world.ts';

/** An agent that somebody's command ends, as it was seen. */
export interface Stop {
  readonly agent: Agent;
  readonly session: string;
  readonly pane: string;
  readonly panePid: number;
  /** Its pane is kept for a successor. */
  readonly keepPane: boolean;
}

/** What became of one: null when it is gone, else a sentence. */
export type Stopped = ReadonlyMap<Stop, string | null>;

const moved = 'another process runs in its pane by now';

interface Living {
  readonly stop: Stop;
  readonly pane: Pane;
}

/**
 * Ends agents because a command said so: looks once more at each pane, then TERM to everything below it, wait, KILL. One
 * whose pane is to be kept for a successor and cannot be is not ended: it would have no place to come back to. An agent in whose pane this very command runs comes last, after `beforeOwn` was told what became of the others: what is
 * to be said or saved has its chance before the terminal goes.
 */
export async function stopAgents(
  stops: readonly Stop[],
  world: World,
  beforeOwn: (soFar: Stopped) => Promise<void> | void = () => undefined,
): Promise<Stopped> {
  const done = new Map<Stop, string | null>();
  const living: Living[] = [];
  const listed = await listPanes(world.client);
  for (const stop of stops) {
    if (!listed.known) {
      done.set(stop, `its pane cannot be looked at: ${listed.reason}`);
      continue;
    }
    const panes = listed.value.kind === 'absent' ? [] : listed.value.panes;
    const pane = panes.find(({ pane: id, session }) => id === stop.pane && session === stop.session);
    if (pane === undefined) done.set(stop, null);
    else if (pane.pid !== stop.panePid) done.set(stop, moved);
    else living.push({ stop, pane });
  }
  const own = await ownOf(living, world);
  await endThose(
    living.filter((one) => !own.includes(one)),
    world,
    done,
  );
  if (own.length === 0) return done;
  await beforeOwn(done);
  await endThose(own, world, done);
  return done;
}

/** Those in whose pane we run. */
async function ownOf(living: readonly Living[], { run, operatorEnv }: World): Promise<readonly Living[]> {
  const pids = living.filter(({ pane }) => pane.dead === null).map(({ pane }) => pane.pid);
  const below = await readDescendants(pids, run, operatorEnv);
  return living.filter(({ pane }) => {
    const found = below.get(pane.pid);
    return found?.known === true && found.value.some(({ pid }) => pid === process.pid);
  });
}

async function endThose(
  those: readonly Living[],
  world: World,
  done: Map<Stop, string | null>,
): Promise<void> {
  if (those.length === 0) return;
  const { client } = world;
  const places = await keepPlaces(those, world);
  for (const [stop, trouble] of places) done.set(stop, trouble);
  const ending = those.filter(({ stop }) => !places.has(stop));
  const survivors = await endAll(
    ending.flatMap(({ pane }) => (pane.dead === null ? [pane] : [])),
    world,
  );
  const gone = ending.filter(({ pane }) => !survivors.has(pane.pid));
  await runScript(
    client,
    gone
      .filter(({ stop }) => !stop.keepPane)
      .map(({ stop: { agent }, pane: { pane, pid } }) => ({
        id: agent.id,
        guard: { pane, panePid: pid },
        commands: [killPane(pane)],
      })),
    { startServer: false },
  );
  for (const { stop, pane } of ending)
    done.set(stop, survivors.has(pane.pid) ? `process ${pane.pid} outlived SIGKILL` : null);
}

/** Has tmux keep the panes that successors need; what came of those it could not. */
async function keepPlaces(
  those: readonly Living[],
  { client, layout }: World,
): Promise<ReadonlyMap<Stop, string>> {
  const kept = those.filter(({ stop }) => stop.keepPane);
  const results = await runScript(
    client,
    kept.map(({ stop: { agent }, pane: { pane, pid } }) => ({
      id: agent.id,
      guard: { pane, panePid: pid },
      commands: [remainOnExit(pane), ...tag(pane, { town: layout.root, agent: agent.id })],
    })),
    { startServer: false },
  );
  const troubles = new Map<Stop, string>();
  for (const { stop } of kept) {
    const result = results.find(({ id }) => id === stop.agent.id);
    if (result?.result === 'skipped') troubles.set(stop, moved);
    else if (result !== undefined && result.result !== 'ok')
      troubles.set(stop, `its pane cannot be kept: ${result.error}`);
  }
  return troubles;
}
