import { failed, skipped, succeeded } from '../../src/act/outcome.ts';
import type { Action, Outcome } from '../../src/model/plan.ts';
import { holdOn } from '../../src/town/hold-scope.ts';
import { tell } from './alert.ts';
import { checkStart } from './laws.ts';
import { end, launch, openPane, serverOf } from './panes.ts';
import { carryOutRequest } from './request.ts';
import { sayTo } from './say.ts';
import { holdsNow } from './see.ts';
import { begin, wakeByTimer } from './timer.ts';
import { type ActionOf, broke, type Pane, type Trouble, type World } from './world.ts';

/** Counts the steps of a pass; throws when the tick is to be killed at this one. */
export type Step = () => void;

/** Requests first, then starts, nudges and timers, as `src/act/perform.ts` has it; within a kind in any order. */
const kinds: readonly (readonly Action['kind'][])[] = [
  ['settle'],
  ['kill'],
  ['start', 'recreate'],
  ['nudge'],
  ['mail'],
  ['alert'],
];

/** Carries a plan out in the virtual world, with the same guards as `src/act`: one outcome per action. */
export function perform(
  actions: readonly Action[],
  world: World,
  trouble: Trouble,
  step: Step,
): readonly Outcome[] {
  const outcomes = new Map<string, Outcome>();
  const nudged = new Set(actions.flatMap((action) => (action.kind === 'nudge' ? [action.pane] : [])));
  let done = 0;
  for (const kind of kinds) {
    for (const action of turned(
      actions.filter((one) => kind.includes(one.kind)),
      trouble.order,
    )) {
      const late = trouble.slow !== null && done >= trouble.slow;
      done += 1;
      const put = late
        ? skipped(action, 'time', 'the time of this pass is used up')
        : (stopped(action, world) ?? act(action, world, nudged, step));
      outcomes.set(action.id, put);
    }
  }
  return actions.map((action) => outcomes.get(action.id) ?? failed(action, 'nothing was reported', 'bug'));
}

/** Some order of the same things. */
function turned<T>(things: readonly T[], order: number): readonly T[] {
  if (things.length < 2) return things;
  const at = order % things.length;
  const cut = [...things.slice(at), ...things.slice(0, at)];
  return order % 2 === 0 ? cut : cut.reverse();
}

/** Holds are read again right before anything takes effect; retiring and confirming touch nobody. */
function stopped(action: Action, world: World): Outcome | null {
  if (action.kind === 'settle' && (action.deed === 'retire' || action.deed === 'confirm')) return null;
  if (action.kind === 'mail' || action.kind === 'alert') return null;
  if (world.broken.holds > 0) return skipped(action, 'holds-unknown', 'the holds cannot be read');
  const agent = world.agents.find(({ id }) => id === action.agent);
  if (agent === undefined) return skipped(action, 'no-such-agent', 'gone');
  const hold = holdOn(holdsNow(world), agent);
  if (hold === null) return null;
  if (hold.kind === 'shutdown' && action.kind === 'settle' && action.deed === 'shutdown') return null;
  return skipped(action, 'held', 'held');
}

function act(action: Action, world: World, nudged: Set<string>, step: Step): Outcome {
  switch (action.kind) {
    case 'start':
      return start(action, world, step);
    case 'recreate':
      return recreate(action, world, step);
    case 'nudge': {
      if (action.spawn !== undefined) return begin(action, action.spawn, world, step);
      const said = sayTo(action, action.text, action.finish, world, step);
      if (said.reason !== null) world.ledger.deferred += 1;
      return said;
    }
    case 'settle':
      return carryOutRequest(action, world, step);
    case 'kill':
      return endSilent(action, world, step);
    case 'alert':
      return tell(action, world, step);
    case 'mail':
      return wakeByTimer(action, isSpokenTo(action, world, nudged), world, step);
  }
}

/** One line in each pane is enough, and none where a hold stands. */
function isSpokenTo(action: ActionOf<'mail'>, world: World, nudged: Set<string>): boolean {
  if (action.pane === null || nudged.has(action.pane)) return false;
  nudged.add(action.pane);
  return stopped({ ...action, kind: 'start' }, world) === null;
}

export function start(action: Action, world: World, step: Step): Outcome {
  if (world.broken.tmux > 0) return failed(action, 'tmux does not answer', 'tmux');
  const there = world.server?.panes.find(({ session }) => session === action.session);
  if (there !== undefined) {
    const ours = there.agent === action.agent && there.pane === there.agentPane && there.dead === null;
    return ours
      ? succeeded(action, placeOf(there, world))
      : failed(action, 'the session exists', 'duplicate');
  }
  step();
  const pane = openPane(world, action.agent, action.session);
  return born(action, pane, world, step);
}

function recreate(action: ActionOf<'recreate'>, world: World, step: Step): Outcome {
  if (world.broken.tmux > 0) return failed(action, 'tmux does not answer', 'tmux');
  const pane = world.server?.panes.find(({ pane: id }) => id === action.pane);
  const left = pane !== undefined && (pane.dead !== null || (pane.runs === 'shell' && pane.attached === 0));
  if (pane === undefined || pane.pid !== action.panePid || !left)
    return skipped(action, 'changed', 'the pane is no longer as it was seen');
  if (pane.limited && action.evidence.thawed !== true) return skipped(action, 'limit', 'usage limit reached');
  step();
  if (pane.process !== null) broke(world, 'no living agent is ended unasked', `${action.id} in ${pane.pane}`);
  return born(action, pane, world, step);
}

/** The last rung for a silent agent, where the settings allow it: looked at once more, then ended; it stays ended. */
function endSilent(action: ActionOf<'kill'>, world: World, step: Step): Outcome {
  if (world.broken.tmux > 0) return failed(action, 'tmux does not answer', 'tmux');
  const pane = world.server?.panes.find(({ pane: id }) => id === action.pane);
  if (pane === undefined || pane.pid !== action.panePid || pane.process === null)
    return skipped(action, 'changed', 'the pane is no longer as it was seen');
  step();
  world.ledger.kills += 1;
  if (world.config.tick.work.last !== 'restart')
    broke(world, 'no living agent is ended unasked', `${action.id} in ${pane.pane}`);
  end(world, pane, { status: null, signal: 'TERM' });
  step();
  return succeeded(action);
}

/** The program is run and looked at once more: one that has ended by then is a failed start. */
export function born(action: Action, pane: Pane, world: World, step: Step): Outcome {
  world.ledger.starts += 1;
  if (action.kind !== 'settle') checkStart(world, action.agent);
  launch(world, pane, action.agent);
  const place = placeOf(pane, world);
  step();
  if (pane.dead === null) return succeeded(action, place);
  world.ledger.failedStarts += 1;
  return failed(action, 'its program ended at once', 'ended', place);
}

function placeOf(pane: Pane, world: World): Parameters<typeof succeeded>[1] & object {
  const { pid, started } = serverOf(world);
  return {
    pane: pane.pane,
    panePid: pane.pid,
    serverPid: pid,
    serverStarted: started,
    socket: '/tmp/tmux-0/virtual',
  };
}
