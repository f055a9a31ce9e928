import { runtimeOf } from '../agents/runtime.ts';
import type { Agent } from '../model/agent.ts';
import type { Runtime } from '../model/config.ts';
import type { Action, Outcome } from '../model/plan.ts';
import { fault } from '../persist/fault.ts';
import { cancelMode, sendEnter, sendLiteral, type TmuxCommand } from '../tmux/commands.ts';
import { type Block, type BlockResult, runScript } from '../tmux/script.ts';
import { allowed } from './allowed.ts';
import { hasChildren } from './below.ts';
import { firstProgress, type Move, type Progress, step, timeUp } from './nudge-step.ts';
import { failed, skipped, succeeded } from './outcome.ts';
import { lockPane } from './pane-lock.ts';
import { forgetPending, lookAt, type PaneLook, readLook, writePending } from './pane-look.ts';
import { wake } from './wake.ts';
import type { World } from './world.ts';

export type NudgeAction = Extract<Action, { kind: 'nudge' }>;

/**
 * Pauses before each look at all the panes, milliseconds; together the bound of a batch. Each look is one tmux client
 * and so is what follows from it, whatever the number of panes.
 */
const pauses = [0, 210, 50, 50, 60, 80, 100, 150, 200, 250, 250, 300, 300, 400, 400, 400, 500, 500];

interface Nudge {
  readonly action: NudgeAction;
  readonly runtime: Runtime;
  readonly release: () => void;
  readonly progress: Progress;
}

/**
 * Types one line into each pane and submits it: only into a composer that stayed empty, the text once, then Enter as
 * its own step until the text has left the composer. What stands in somebody's way is put off with its reason; what
 * was typed and not submitted is `stranded`, remembered on the pane, and finished by the next attempt.
 * A working agent is put off as `busy`: it shows life by itself, and pokes must not pile up in its queue (design F45).
 */
export async function nudgeAgents(
  actions: readonly NudgeAction[],
  world: World,
): Promise<readonly Outcome[]> {
  if (actions.length === 0) return [];
  const { go, outcomes } = allowed(actions, world);
  const done = [...outcomes];
  let open: Nudge[] = [];
  for (const { action, agent } of go) {
    const begun = begin(action, agent, world);
    if ('progress' in begun) open.push(begun);
    else done.push(begun);
  }
  try {
    for (const ms of pauses) {
      if (open.length === 0) return done;
      if (world.deadline() <= ms) break;
      if (ms > 0) await world.pause(ms);
      open = await round(open, done, world);
    }
    for (const { action, progress } of open) done.push(outcomeOf(action, progress));
    return done;
  } finally {
    for (const nudge of open) nudge.release();
  }
}

function begin(action: NudgeAction, agent: Agent, world: World): Nudge | Outcome {
  const lock = lockPane(world.layout, action.pane, world.wall());
  if (lock.kind !== 'held') {
    return lock.kind === 'busy'
      ? skipped(action, 'locked', lock.message)
      : failed(action, lock.message, 'lock');
  }
  try {
    const runtime = runtimeOf(world.config, agent);
    return { action, runtime, release: lock.release, progress: firstProgress(world.now()) };
  } catch (error) {
    lock.release();
    return failed(action, error instanceof Error ? error.message : String(error), 'no-runtime');
  }
}

/** One look at every open pane and one step with each; gives back those that are not done yet. */
async function round(open: readonly Nudge[], done: Outcome[], world: World): Promise<Nudge[]> {
  const looked = await runScript(
    world.client,
    open.map(({ action }) => ({ id: action.id, commands: lookAt(action.pane) })),
    { startServer: false },
  );
  const blocks: Block[] = [];
  const stepped = open.map((nudge) => {
    const seen = resultOf(looked, nudge.action);
    const trouble = troubleOf(seen, nudge.progress);
    if (trouble !== null) return { ...nudge, progress: trouble };
    const look = seen?.result === 'ok' ? readLook(seen.output, nudge.runtime) : null;
    const { progress, move } = step(request(nudge, look), nudge.progress, look, world.now());
    const commands = look === null ? [] : commandsFor(move, nudge.action, progress, look, world.wall());
    if (commands.length > 0) blocks.push(block(nudge.action, move, commands));
    return { ...nudge, progress };
  });
  const acted = await runScript(world.client, blocks, { startServer: false });
  if (stepped.some(({ progress }) => progress.at === 'typed')) fault('act.typed');
  return stepped.flatMap((nudge) => {
    const progress = after(resultOf(acted, nudge.action), nudge.progress);
    if (progress.at !== 'done') return [{ ...nudge, progress }];
    nudge.release();
    done.push(outcomeOf(nudge.action, progress));
    return [];
  });
}

function request({ action, runtime }: Nudge, look: PaneLook | null) {
  const { text, panePid, finish } = action;
  const wrapped = look !== null && hasChildren(look.panePid);
  return { text, panePid, finish, wrapped, processes: runtime.processes };
}

function commandsFor(
  move: Move,
  { pane, panePid }: NudgeAction,
  progress: Progress,
  look: PaneLook,
  wall: number,
): readonly TmuxCommand[] {
  const text = 'text' in progress ? progress.text : '';
  switch (move) {
    case 'wait':
      return [];
    case 'leave-mode':
      return [cancelMode(pane)];
    case 'type':
      return [writePending(pane, panePid, { text, seen: false, at: wall }), sendLiteral(pane, text)];
    case 'wake':
      return wake(pane, look);
    case 'enter':
      return [writePending(pane, panePid, { text, seen: true, at: wall }), sendEnter(pane)];
    case 'forget':
      return [forgetPending(pane)];
  }
}

/** The server itself checks once more, in the same instant, that this is the pane we looked at. */
function block({ id, pane, panePid }: NudgeAction, move: Move, commands: readonly TmuxCommand[]): Block {
  const when =
    move === 'type' || move === 'enter' ? '#{==:#{pane_dead}#{pane_in_mode},00}' : '#{==:#{pane_dead},0}';
  return { id, guard: { pane, panePid, when }, commands };
}

/** A look that failed: a pane that is gone is one thing, a tmux that does not answer another. */
function troubleOf(seen: BlockResult | undefined, progress: Progress): Progress | null {
  if (seen === undefined || seen.result === 'ok') return null;
  if (seen.result === 'failed' && seen.kind === 'no-session') return null;
  const error = 'error' in seen ? seen.error : 'the pane could not be looked at';
  return ended('failed', progress.at === 'looking' ? 'tmux' : 'stranded', `tmux said: ${error}`);
}

/** What the move's own failure means: before the text was typed nothing happened, afterwards it stands there. */
function after(acted: BlockResult | undefined, progress: Progress): Progress {
  if (acted === undefined || acted.result === 'ok' || progress.at === 'done') return progress;
  const untouched =
    progress.at === 'looking' || (progress.at === 'typed' && !progress.woken && !progress.old);
  if (acted.result === 'skipped') {
    if (untouched) return ended('skipped', 'changed', 'its pane changed just before the text was typed');
    return ended('failed', 'stranded', 'its pane changed before the text was submitted');
  }
  if (acted.result === 'failed' && progress.at === 'typed' && progress.woken) return progress;
  const kind = untouched && acted.result !== 'unknown' ? 'tmux' : 'stranded';
  return ended('failed', kind, `tmux said: ${acted.error}`);
}

function ended(result: 'failed' | 'skipped', reason: string, error: string): Progress {
  return { at: 'done', verdict: { result, reason, error } };
}

function outcomeOf(action: NudgeAction, progress: Progress): Outcome {
  const { result, reason, error } = timeUp(progress);
  if (result === 'ok') return succeeded(action);
  return result === 'skipped'
    ? skipped(action, reason ?? 'time', error ?? '')
    : failed(action, error ?? '', reason);
}

function resultOf(results: readonly BlockResult[], { id }: NudgeAction): BlockResult | undefined {
  return results.find((result) => result.id === id);
}
