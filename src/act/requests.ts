import type { Agent } from '../model/agent.ts';
import type { Action, Outcome } from '../model/plan.ts';
import type { RequestAction } from '../model/request.ts';
import { clearFlag } from '../town/lifecycle-flag-edit.ts';
import { holdAfterShutdown } from '../town/shutdown-hold.ts';
import { allowed } from './allowed.ts';
import { attempt } from './attempt.ts';
import { endAgents } from './end-agents.ts';
import { giveBack } from './give-back.ts';
import { failed, skipped, succeeded } from './outcome.ts';
import { replyToRefused } from './request-reply.ts';
import { missingProgram } from './start.ts';
import { startAgain } from './start-again.ts';
import { syncWorkspaces } from './sync-workspaces.ts';
import { recordWorkspaces } from './workspace-record.ts';
import type { World } from './world.ts';

export type SettleAction = Extract<Action, { kind: 'settle' }>;

/** A request that is ours to carry out: claimed, and its agent may be acted on. */
export interface Job {
  readonly action: SettleAction;
  readonly agent: Agent;
  readonly asked: RequestAction;
  /** The hold that keeps it down was made for this very request. */
  readonly held: boolean;
}

/** Who settles requests, in the store's words. */
const keeper = 'keeper';
const longestReason = 200;

/**
 * Answers lifecycle requests: claim → act → settle (design: lifecycle). Each takes effect at most once: what is claimed
 * is never claimed again, and what is found done is only said to be done. A request whose agent could not be brought
 * back stays claimed, so that the next pass goes on with it, once; after that it has failed, and its agent is like any
 * other that does not run: the brake holds for it (F08).
 */
export async function settleRequests(
  actions: readonly SettleAction[],
  world: World,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  const doers: SettleAction[] = [];
  for (const action of actions) {
    if (action.deed === 'retire') outcomes.push(await retire(action, world));
    else if (action.deed === 'confirm') outcomes.push(await confirm(action, world));
    else doers.push(action);
  }
  const first = allowed(doers, world);
  outcomes.push(...first.outcomes);
  const able = first.go.filter(({ action, agent }) => {
    // Nobody is ended whose successor could not be started; the request goes on waiting.
    const missing = action.deed === 'shutdown' ? null : missingProgram(agent, action.session, world);
    if (missing !== null)
      outcomes.push(skipped(action, 'program-missing', `its program ${missing} is not on the search path`));
    return missing === null;
  });
  const unread = able.length === 0 ? new Map<string, string>() : await recordWorkspaces(able, world);
  // Looking at work trees takes time in which somebody may hold an agent.
  const { go, outcomes: kept } = allowed(
    able.map(({ action }) => action),
    world,
  );
  outcomes.push(...kept);
  const jobs: Job[] = [];
  for (const { action, agent } of go) {
    const claimed = await claim(action, agent, world);
    if ('asked' in claimed) jobs.push(claimed);
    else outcomes.push(claimed);
  }
  return [...outcomes, ...(await carryOut(jobs, unread, world))];
}

/** `unread`: why a work tree is left as it is, by action. */
async function carryOut(
  jobs: readonly Job[],
  unread: ReadonlyMap<string, string>,
  world: World,
): Promise<readonly Outcome[]> {
  if (jobs.length === 0) return [];
  const { ended, outcomes } = await endAgents(jobs, world);
  const gone = ended.filter(({ asked }) => asked === 'shutdown');
  const again = ended.filter(({ asked }) => asked !== 'shutdown');
  const warnings = await syncWorkspaces(again, world, unread);
  const started = await startAgain(again, world);
  const done = [...gone.map(({ action }) => succeeded(action)), ...started];
  const settled: Outcome[] = [];
  for (const outcome of done) {
    const job = ended.find(({ action }) => action.id === outcome.action);
    const warning = warnings.get(outcome.action) ?? null;
    if (job === undefined) settled.push(outcome);
    else if (outcome.result === 'ok') settled.push(await conclude(job, outcome, warning, world));
    else settled.push(job.action.resumed ? await giveUp(job, outcome, world) : outcome);
  }
  return [...outcomes, ...settled];
}

/** Takes the request, and for a shutdown first makes sure that nobody brings the agent back. */
async function claim(action: SettleAction, agent: Agent, world: World): Promise<Job | Outcome> {
  const { deed: asked } = action;
  if (asked === 'retire' || asked === 'confirm') return failed(action, 'nothing to carry out', 'bug');
  if (!action.resumed) {
    const claimed = await world.store.mail.claim(action.message, keeper);
    if (!claimed.known) return failed(action, `the request cannot be claimed: ${claimed.reason}`, 'store');
    if (claimed.value.kind !== 'claimed') return skipped(action, 'taken', 'the request is no longer waiting');
  }
  let held = false;
  if (asked === 'shutdown') {
    const at = new Date(world.wall()).toISOString();
    const reason = 'it asked to be shut down';
    const hold = {
      target: agent.id,
      kind: 'shutdown' as const,
      reason,
      by: action.sender,
      since: at,
      until: null,
    };
    const trouble = await attempt(async () => {
      const made = await holdAfterShutdown(world.layout, hold, { at, command: 'gt tick' });
      // A request found claimed was held for by the pass that claimed it.
      held = made || action.resumed;
    });
    if (trouble !== null) {
      await giveBack(action, false, world);
      return failed(action, trouble, 'hold');
    }
  }
  return { action, agent, asked, held };
}

/** Done: the flag goes, the request is settled. */
async function conclude(
  { action, agent, asked }: Job,
  outcome: Outcome,
  warning: string | null,
  world: World,
): Promise<Outcome> {
  const flag = await lowerFlag(action, agent, asked, world);
  const settled = await settleMessage(action, 'executed', null, world);
  const troubles = [warning, flag, settled].filter((text) => text !== null);
  return troubles.length === 0 ? outcome : { ...outcome, error: troubles.join(' ') };
}

/** It was started a second time, in vain: nothing goes on with it. A tmux that started nobody is asked again. */
async function giveUp({ action, agent, asked }: Job, outcome: Outcome, world: World): Promise<Outcome> {
  if (outcome.result !== 'failed' || outcome.reason === 'tmux') return outcome;
  const why = outcome.error ?? 'it could not be started again';
  const flag = await lowerFlag(action, agent, asked, world);
  const settled = await settleMessage(action, 'failed', why.slice(0, longestReason), world);
  return { ...outcome, error: [why, flag, settled].filter((text) => text !== null).join(' ') };
}

/** An earlier pass had done it and was cut short before it could say so. */
async function confirm(action: SettleAction, world: World): Promise<Outcome> {
  const agent = world.agents.find(({ id }) => id === action.agent);
  const { action: asked } = action.evidence;
  const isKnown = asked === 'cycle' || asked === 'restart' || asked === 'shutdown';
  if (agent !== undefined && isKnown) await lowerFlag(action, agent, asked, world);
  const trouble = await settleMessage(action, 'executed', 'by a pass that was cut short', world);
  return trouble === null ? succeeded(action) : failed(action, trouble, 'store');
}

async function retire(action: SettleAction, world: World): Promise<Outcome> {
  const { refusal } = action;
  if (refusal === null) return failed(action, 'a request is retired without a reason', 'bug');
  const trouble = await settleMessage(action, refusal.why, refusal.sentence, world);
  if (trouble !== null) return failed(action, trouble, 'store');
  const agent = world.agents.find(({ id }) => id === action.agent);
  const flag =
    action.flag === null || agent === undefined ? null : await lowerFlag(action, agent, action.flag, world);
  const unanswered = refusal.reply ? await replyToRefused(action, refusal.sentence, world) : null;
  return { ...succeeded(action), error: unanswered ?? flag };
}

/** Ends the message; a sentence when that did not work. */
async function settleMessage(
  { message, resumed, deed }: SettleAction,
  outcome: string,
  reason: string | null,
  { store }: World,
): Promise<string | null> {
  const settlement = { outcome, by: keeper, reason };
  const claimed = resumed || deed !== 'retire';
  const settled = await (claimed
    ? store.mail.settleClaimed(message, settlement)
    : store.mail.settle(message, settlement));
  if (!settled.known) return `The request ${message} could not be settled: ${settled.reason}.`;
  return null;
}

/** Whoever has asked for the same since then has raised the flag anew, and it is theirs. */
async function lowerFlag(
  { evidence: { raised } }: SettleAction,
  agent: Agent,
  asked: RequestAction,
  { layout, wall }: World,
): Promise<string | null> {
  const editing = { at: new Date(wall()).toISOString(), command: 'gt tick' };
  return attempt(() =>
    clearFlag(layout.root, agent, asked, editing, typeof raised === 'string' ? raised : null),
  );
}
