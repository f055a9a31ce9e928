import type { Action, Outcome } from '../model/plan.ts';
import { fault } from '../persist/fault.ts';
import type { AlertAction } from './alert.ts';
import type { KillAction } from './end-hung.ts';
import { type NudgeAction, nudgeAgents } from './nudge.ts';
import { failed } from './outcome.ts';
import type { SettleAction } from './requests.ts';
import { type StartAction, startAgents } from './start.ts';
import type { WakeAction } from './wake-agents.ts';
import { hasWorkspace } from './work-dir.ts';
import type { World } from './world.ts';

/**
 * Carries out a plan: requests first, then starts, nudges and notices, each kind in one batch whose number of tmux clients does not depend
 * on the number of agents. Gives one outcome per action, in the plan's order, whatever happens to any of them.
 */
export async function perform(actions: readonly Action[], world: World): Promise<readonly Outcome[]> {
  const starts: StartAction[] = [];
  const nudges: NudgeAction[] = [];
  const requests: SettleAction[] = [];
  const wakes: WakeAction[] = [];
  const spawns: NudgeAction[] = [];
  const kills: KillAction[] = [];
  const alerts: AlertAction[] = [];
  for (const action of actions) {
    switch (action.kind) {
      case 'start':
      case 'recreate':
        starts.push(action);
        break;
      case 'nudge':
        if (action.spawn === undefined) nudges.push(action);
        else spawns.push(action);
        break;
      case 'settle':
        requests.push(action);
        break;
      case 'mail':
        wakes.push(action);
        break;
      case 'kill':
        kills.push(action);
        break;
      case 'alert':
        alerts.push(action);
        break;
      default:
        impossible(action);
    }
  }
  const done = [
    ...(await batch(requests, async (some) => (await import('./requests.ts')).settleRequests(some, world))),
    ...(await batch(kills, async (some) => (await import('./end-hung.ts')).endHung(some, world))),
    ...(await batch(starts, (some) => startPrepared(some, world))),
    ...(await batch(nudges, (some) => nudgeAgents(some, world))),
    ...(await batch(wakes, async (some) =>
      (await import('./wake-agents.ts')).wakeAgents(some, world, new Set(nudges.map(({ pane }) => pane))),
    )),
    ...(await batch(spawns, async (some) => (await import('./begin-spawns.ts')).beginSpawns(some, world))),
    ...(await batch(alerts, async (some) => (await import('./alert.ts')).sendAlerts(some, world))),
  ];
  const byId = new Map(done.map((outcome) => [outcome.action, outcome]));
  return actions.map(
    (action) => byId.get(action.id) ?? failed(action, 'nothing was reported about it', 'bug'),
  );
}

/** Agents that died leave something behind that is looked at first. */
async function startPrepared(starts: readonly StartAction[], world: World): Promise<readonly Outcome[]> {
  if (!starts.some((action) => leavesSomething(action, world))) return startAgents(starts, world);
  const { prepareStarts } = await import('./prepare-starts.ts');
  const { go, outcomes, warnings } = await prepareStarts(starts, world);
  const started = await startAgents(go, world);
  const told = started.map((outcome) => {
    const warning = outcome.result === 'ok' ? warnings.get(outcome.action) : undefined;
    return warning === undefined
      ? outcome
      : { ...outcome, error: [outcome.error, warning].filter(Boolean).join(' ') };
  });
  return [...outcomes, ...told];
}

/** A screen, or a work tree that somebody may have worked in. Who was never started and is asked for has left nothing. */
function leavesSomething({ kind, why, agent }: StartAction, { agents }: World): boolean {
  if (kind === 'recreate') return true;
  const found = agents.find(({ id }) => id === agent);
  return why !== 'asked' && found !== undefined && hasWorkspace(found);
}

async function batch<A extends Action>(
  actions: readonly A[],
  carryOut: (actions: readonly A[]) => Promise<readonly Outcome[]>,
): Promise<readonly Outcome[]> {
  if (actions.length === 0) return [];
  fault('act.before');
  try {
    const outcomes = await carryOut(actions);
    fault('act.after');
    return outcomes;
  } catch (error) {
    return actions.map((action) => broken(action, error));
  }
}

/** What nobody foresaw in one kind of action must not keep the others from being carried out. */
function broken(action: Action, error: unknown): Outcome {
  return failed(action, error instanceof Error ? error.message : String(error), 'bug');
}

function impossible(action: never): never {
  throw new TypeError(`no such action: ${JSON.stringify(action)}`);
}
