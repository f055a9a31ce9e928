import type { NudgeAction } from '../../act/nudge.ts';
import type { World } from '../../act/world.ts';
import { decide } from '../../decide/decide.ts';
import type { Agent } from '../../model/agent.ts';
import { protocolOf } from '../../model/message.ts';
import type { Finding } from '../../model/plan.ts';
import { readClock } from '../../observe/clock.ts';
import { loadState } from '../../persist/state.ts';
import { findTown } from '../../town/find.ts';
import { layout } from '../../town/layout.ts';
import type { Context } from '../context.ts';
import { lookAround } from '../sight.ts';
import { worldOf } from '../world.ts';
import { type Notify, nobody } from './notify.ts';

/** How long one notification may take, milliseconds. */
const patienceMs = 10_000;

/** Who is told of mail with this subject: its reader, except of what the keeper takes out of the deacon's box by itself. */
export function notifierFor(subject: string, town: string | undefined, context: Context): Notify {
  return protocolOf(subject) === 'mail' ? inPanes(town, context) : nobody;
}

/** The town as it was seen, and the means to act on it; null where there is no tmux, and so no pane. */
type Look = { readonly findings: readonly Finding[]; readonly world: World } | null;

/** Tells agents in their panes, by the same careful typing as the tick's nudges. Looks at the town once. */
function inPanes(town: string | undefined, context: Context): Notify {
  let looked: Promise<Look> | null = null;
  return async (agent, text) => {
    try {
      looked ??= look(town, context);
      return await tell(agent, text, await looked);
    } catch (error) {
      return sentence(agent, error instanceof Error ? error.message : String(error));
    }
  };
}

async function look(town: string | undefined, context: Context): Promise<Look> {
  const at = layout(findTown({ town, env: context.env, cwd: context.cwd }));
  const now = readClock({ env: context.env, testMarker: at.testMarker });
  const { state } = loadState(at, { look: true });
  const sight = await lookAround(at, now, state, context);
  if (sight.client === null) return null;
  const { findings } = decide(sight.snapshot, state, sight.config, {
    pass: 'mail',
    careful: false,
    only: null,
    part: 'lifecycle',
  });
  const begun = performance.now();
  const left = () => Math.max(0, begun + patienceMs - performance.now());
  return { findings, world: worldOf(sight, sight.client, { layout: at, now, left }, context) };
}

async function tell(agent: Agent, text: string, looked: Look): Promise<string | null> {
  const finding = looked?.findings.find((one) => one.agent === agent.id);
  if (looked === null || finding === undefined) return null;
  const { liveness, session } = finding;
  if (liveness.is === 'unknown') return sentence(agent, liveness.reason);
  if (liveness.is !== 'alive') return null;
  const { pane, panePid } = liveness;
  const { nudgeAgents } = await import('../../act/nudge.ts');
  const nudge: NudgeAction = {
    kind: 'nudge',
    id: `nudge:${agent.id}`,
    agent: agent.id,
    session,
    pane,
    panePid,
    text,
    finish: false,
    why: 'mail',
    evidence: {},
  };
  const [outcome] = await nudgeAgents([nudge], looked.world);
  return outcome === undefined || outcome.result === 'ok'
    ? null
    : sentence(agent, outcome.error ?? outcome.reason ?? 'its pane could not be typed into');
}

function sentence({ id }: Agent, why: string): string {
  return `${id} was not told of the mail, which is in its inbox: ${why}`;
}
