import { exitStatus, Failure } from '../../exit.ts';
import type { Agent } from '../../model/agent.ts';
import type { RequestAction } from '../../model/request.ts';
import { jsonText } from '../../show/json.ts';
import { agentsOf } from '../../town/identity.ts';
import { nearest } from '../../town/nearest.ts';
import { agentNamed } from '../agent-named.ts';
import type { Context } from '../context.ts';
import { type HoldAhead, holdAhead } from '../operator/hold-ahead.ts';
import { type Asked, ask } from './ask.ts';
import { type LifecycleDesk, lifecycleDesk, secondsIn } from './desk.ts';
import { exitOf, outcomeOf, outcomeText, type RequestOutcome, sentAndGone } from './outcome.ts';

export interface RequestOptions {
  readonly town?: string | undefined;
  readonly action: string;
  /** Any spelling; the calling agent when missing. */
  readonly agent?: string | undefined;
  readonly message?: string | undefined;
  /** Missing: do not wait; empty: 120 s; else seconds. */
  readonly wait?: string | undefined;
  readonly json?: boolean | undefined;
}

/** `gt lifecycle request ACTION`: flag, mail, and an answer at once. Exit 0 when it is on its way or, awaited, done. */
export async function requestCommand(options: RequestOptions, context: Context): Promise<number> {
  const { town, message, wait, json = false } = options;
  const action = actionNamed(options.action);
  const withinMs = secondsIn(wait, 120, 'lifecycle request');
  const desk = lifecycleDesk(town, context);
  const agent = agentMeant(options.agent, action, desk);
  const ahead = holdAhead(agent, action, desk);
  const asked = await ask({ agent, action, message }, desk, context);
  if (ahead !== null) context.stderr(`⚠ Warning: ${ahead.text}\n`);
  const outcome = wait === undefined ? sentAndGone : await outcomeOf(asked, desk, withinMs);
  if (json) context.stdout(jsonText(requestDocument(asked, desk, outcome, ahead)));
  else context.stdout(outcomeText(outcome, `${action} of ${agent.id}, request ${asked.id}`));
  if (wait === undefined && !asked.atOnce)
    context.stderr('⚠ Warning: nobody could be started to answer it at once; the next tick does.\n');
  return exitOf(outcome);
}

/** What `--json` prints of a request, here and for `gt handoff`. */
export function requestDocument(
  { id, agent, action }: Asked,
  { at }: LifecycleDesk,
  is: RequestOutcome,
  ahead: HoldAhead | null,
): object {
  const { state, outcome, reason } = is;
  return {
    schema: 'gt.lifecycle.request/1',
    town: at.root,
    id,
    agent: agent.id,
    action,
    state,
    outcome,
    reason,
    held: ahead?.hold ?? null,
  };
}

function actionNamed(text: string): RequestAction {
  const word = text.toLowerCase();
  if (word === 'cycle' || word === 'restart' || word === 'shutdown') return word;
  if (word === 'stop') return 'shutdown';
  const meant = nearest(word, ['cycle', 'restart', 'shutdown', 'stop']);
  throw new Failure(
    'usage',
    exitStatus.usage,
    `${JSON.stringify(text)} is none of cycle, restart, shutdown and stop.${meant === null ? '' : ` Did you mean ${meant}?`}`,
    'gt lifecycle request --help',
  );
}

function agentMeant(
  given: string | undefined,
  action: RequestAction,
  { rigs, caller }: LifecycleDesk,
): Agent {
  if (given === undefined) {
    if (caller !== null) return caller;
    throw new Failure(
      'no-agent',
      exitStatus.usage,
      'This was not run by an agent of this town (GT_ROLE names none), so it must say whom it is for.',
      `gt lifecycle request ${action} --agent NAME`,
    );
  }
  const id = agentNamed(given, { rigs });
  const agent = rigs.known ? agentsOf(rigs.value).find((one) => one.id === id) : undefined;
  if (agent === undefined) throw new TypeError(`agent ${id} was found and is not there`);
  return agent;
}
