import type { AgentId } from '../model/agent.ts';
import { counted } from '../model/counted.ts';
import type { State } from '../model/state.ts';
import { lengthOf } from './time.ts';

/** What is remembered of an agent that slows its starts and wakings down, each in words. Empty: nothing is. */
export function remembered(state: State, agent: AgentId): readonly string[] {
  const {
    brake = null,
    ladder = null,
    blocked = null,
    misprimed = null,
    backoff = null,
    slot = null,
    deferrals = null,
  } = state.agents[agent] ?? {};
  const died = state.work.filter((one) => one.agent === agent && (one.deaths > 0 || one.parked !== null));
  return [
    ...(brake === null ? [] : [brakeWords(brake)]),
    ...(blocked === null ? [] : [`its screen said: ${blocked.kind}`]),
    ...(misprimed === null ? [] : ['that it never reported as itself']),
    ...(ladder === null ? [] : [`its silence over hooked work, pursued ${ladder.rung} of 5 steps far`]),
    ...(backoff === null || backoff.misses === 0
      ? []
      : [`${counted(backoff.misses, 'unanswered waking')}, now ${lengthOf(backoff.intervalMs)} apart`]),
    ...(slot === null || slot.consumed || slot.stranded ? [] : ['a message that still awaits its answer']),
    ...(deferrals === null ? [] : [`${counted(deferrals.count, 'message')} put off`]),
    ...died.map(
      ({ work, deaths, parked }) =>
        `${counted(deaths, 'death')} over ${work}${parked === null ? '' : ', parked'}`,
    ),
  ];
}

function brakeWords({
  attempts,
  deaths,
  open,
  withheld,
}: {
  readonly attempts: number;
  readonly deaths: readonly number[];
  readonly open: object | null;
  readonly withheld: string | null;
}): string {
  const spent = `${counted(deaths.length, 'death')} lately, ${counted(attempts, 'start')} since it was well`;
  if (withheld !== null) return `left alone, since its session was ended by hand (${spent})`;
  return open === null ? `brake: ${spent}` : `breaker open after ${spent}`;
}
