import type { Observed } from '../model/condition.ts';
import type { TickConfig } from '../model/config.ts';
import { contextConditions } from './context-full.ts';
import { misprimedConditions } from './misprimed.ts';
import { human, witnessOf } from './notice-words.ts';
import type { View } from './rule.ts';

/** A silent agent that so many pokes did not rouse is for a human to look at (F10). */
const pokesInVain = 5;

/** What is wrong with one agent, as its memory tells. Held agents are as their holder wants them. */
export function agentConditions(view: View, tick: TickConfig): readonly Observed[] {
  const { agent, memory, hold } = view;
  const { brake, blocked, ladder, backoff, misprimed } = memory;
  if (hold !== null) return [];
  if (!brake && !blocked && !ladder && !backoff && !misprimed) return [];
  return [
    ...brakeConditions(view, tick),
    ...screenConditions(view),
    ...misprimedConditions(view),
    ...silenceConditions(view),
    ...stuckConditions(view),
  ].map((one) => ({ ...one, agent: agent.id }));
}

function brakeConditions(
  { agent, memory: { brake }, session, wanted, work, liveness }: View,
  { brakes }: TickConfig,
): readonly Observed[] {
  if (brake === null) return [];
  const { id } = agent;
  if (!wanted) return agent.role === 'polecat' ? [] : restartFailed(id, brake.failure, liveness);
  const found: Observed[] = [];
  if (brake.withheld !== null) {
    found.push(
      human(`ended-by-hand:${id}`, 'ended-by-hand', id, {
        subject: `ALERT: ${id} is left alone`,
        text: `The session ${session} was gone twice while its tmux server lived on: somebody ended it, and ${id} is left alone since ${brake.withheld}.`,
        details: {},
        hint: `To have it kept again: gt reset ${id}`,
      }),
    );
  } else if (brake.open !== null) {
    found.push(
      human(`crash-loop:${id}`, 'crash-loop', id, {
        subject: `ALERT: ${id} dies again and again`,
        text: `${id} died ${brakes.deaths} times within ${Math.round(brakes.windowMs / 60_000)} minutes; since ${brake.open.since} it is only tried once in a while.`,
        details: { last_failure: brake.failure, ...(work === null ? {} : { hook_bead: work.id }) },
        hint: `Its last screens are in daemon/screens. When it is mended: gt reset ${id}`,
      }),
    );
  }
  if (brake.failure === null) return found;
  if (agent.role === 'polecat') {
    found.push({
      key: `crashed-polecat:${id}`,
      code: 'crashed-polecat',
      agent: id,
      to: witnessOf(agent.rig),
      subject: `CRASHED_POLECAT: ${agent.rig}/${agent.name} restart failed`,
      text: `${id} has crashed and could not be started again.`,
      details: { hook_bead: work?.id ?? null, restart_error: brake.failure },
      hint: 'It is tried again with growing patience; a human may be needed. See: gt log',
    });
  } else if (brake.open === null) {
    found.push(
      human(`start-failed:${id}`, 'start-failed', id, {
        subject: `ALERT: ${id} cannot be started`,
        text: `The last start of ${id} failed: ${brake.failure}.`,
        details: {},
        hint: 'It is tried again with growing patience. See: gt log',
      }),
    );
  }
  return found;
}

/** Whom nobody keeps running, and whose last start failed: no rule tries again. Of polecats their work is told. */
function restartFailed(id: string, failure: string | null, { is }: View['liveness']): readonly Observed[] {
  if (failure === null || is === 'alive') return [];
  return [
    human(`restart-failed:${id}`, 'restart-failed', id, {
      subject: `ALERT: ${id} could not be started`,
      text: `${id} does not run, and its last start failed: ${failure}.`,
      details: {},
      hint: `It is not one that the town keeps running, so nobody tries again. Once that is mended: gt session start ${id}`,
    }),
  ];
}

function screenConditions(view: View): readonly Observed[] {
  const {
    agent: { id },
    memory: { blocked },
    session,
  } = view;
  if (blocked === null || blocked.kind === 'limit') return [];
  if (blocked.kind === 'context') return contextConditions(view, blocked);
  const what = blocked.kind === 'login' ? 'asks for a login' : 'shows a dialog that waits for an answer';
  const code = blocked.kind === 'login' ? 'blocked-login' : 'blocked-dialog';
  return [
    human(`${code}:${id}`, code, id, {
      subject: `ALERT: ${id} ${what}`,
      text: `The screen of ${id} ${what} since ${blocked.since}; nothing is typed there.`,
      details: { screen: blocked.detail },
      hint: `Answer it yourself in the session ${session}. See: gt status`,
    }),
  ];
}

/** A poked agent without work that answers no poke. */
function silenceConditions({
  agent: { id },
  liveness,
  memory: { backoff, troubleSince },
}: View): readonly Observed[] {
  if (liveness.is !== 'alive' || troubleSince !== null || backoff === null || backoff.misses < pokesInVain)
    return [];
  return [
    human(`silent:${id}`, 'silent', id, {
      subject: `ALERT: ${id} answers nothing`,
      text: `${id} runs and has shown no life while it was called ${backoff.misses} times; it is left running.`,
      details: { last_call: backoff.lastPoke?.at ?? null },
      hint: 'See: gt status',
    }),
  ];
}

function stuckConditions({
  agent,
  liveness,
  work,
  memory: { ladder, deferrals },
}: View): readonly Observed[] {
  if (ladder === null || ladder.rung < 3 || work === null || liveness.is !== 'alive') return [];
  const { id } = agent;
  const details = { hook_bead: work.id, silent_since: work.since };
  const calls = deferrals === null ? 'after two calls' : `and could not be called (${deferrals.reason})`;
  const text = `${id} runs, has ${work.id} on its hook, and shows no life ${calls}.`;
  const gupp: Observed = {
    key: `gupp-violation:${id}`,
    code: 'gupp-violation',
    agent: id,
    to: 'rig' in agent && agent.role !== 'witness' ? witnessOf(agent.rig) : 'overseer',
    subject: `GUPP_VIOLATION: ${id} is stuck`,
    text,
    details,
    hint: 'Please look at it: is it waiting for something, or does it need a fresh start?',
  };
  if (ladder.rung < 4) return [gupp];
  const stuck = human(`stuck:${id}`, 'stuck', id, {
    subject: `ALERT: ${id} is stuck`,
    text,
    details,
    hint: `Look at its session, then for a fresh one: gt session restart ${id}`,
  });
  return [gupp, stuck];
}
