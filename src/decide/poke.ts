import type { Agent } from '../model/agent.ts';
import type { AgentMemory } from '../model/state.ts';
import { answered, freshBackoff, mayPoke, missed, poked } from './backoff.ts';
import { freshnessOf } from './freshness.ts';
import { nextMessage } from './message-of-the-day.ts';
import { later, type Rule, type Verdict, type View } from './rule.ts';
import { stampAge } from './silence.ts';
import { consume, slotOpen } from './slot.ts';

/**
 * Wakes a silent deacon, mayor or witness: freshness × backoff × slot (spec/tick.md §4.2.2, §5.1, §2.8).
 * Quiet in a town where nobody works, nothing waits and nothing is wrong.
 */
export const pokeRule: Rule = (view, world) => {
  const { agent, liveness, signs, memory } = view;
  if (liveness.is !== 'alive' || signs === undefined || !isPoked(agent)) return null;
  const quiet = (
    why: string,
    more: Partial<Verdict['note']> & object = {},
    remembered: AgentMemory = memory,
  ) => ({
    note: { agent: agent.id, rule: 'poke', why, ...more },
    memory: remembered,
  });
  if (!signs.stamp.known) return quiet('signs-unknown', { evidence: { reason: signs.stamp.reason } });
  const { age, memory: seen } = stampAge(signs.stamp.value, view, world);
  const { tick } = world.config;
  const patience = tick.poke;
  const backoff = seen.backoff ?? freshBackoff(patience);
  const freshness = freshnessOf(age, tick);
  const evidence = { freshness, age_seconds: Math.round(age / 1000), misses: backoff.misses };
  if (freshness === 'fresh') {
    return quiet(
      'fresh',
      { until: later(world.now, tick.staleMs - age), evidence },
      {
        ...seen,
        backoff: answered(backoff, patience),
        slot: consume(seen.slot),
        deferrals: null,
      },
    );
  }
  if (world.careful) return quiet('careful', { evidence }, seen);
  if (seen.slot?.stranded === true && !seen.slot.consumed)
    return nudge(view, seen, seen.slot.text, 'stranded', evidence, true);
  if (patience.idle === 'when-needed' && world.deeplyIdle && !waits(view) && !world.troubled) {
    return quiet('nothing-waits', { evidence }, seen);
  }
  const grace = tick.everyMs / 2;
  if (!mayPoke(backoff, world.now.awake, grace)) {
    const left = backoff.intervalMs - (world.now.awake - (backoff.lastPoke?.awake ?? 0));
    return quiet('backoff', { until: later(world.now, left), evidence }, seen);
  }
  if (!slotOpen(seen.slot, world.now.awake, patience.slotMs - grace)) {
    const left = patience.slotMs - (world.now.awake - (seen.slot?.sent.awake ?? 0));
    return quiet('slot', { until: later(world.now, left), evidence }, seen);
  }
  const { index, text } = nextMessage(world.snapshot.now.wall, seen.lastMessage);
  const spent = poked(backoff, world.now);
  const remembered: AgentMemory = {
    ...seen,
    backoff: freshness === 'very-stale' ? missed(spent, patience) : spent,
    slot: { sent: world.now, consumed: false, text, stranded: false },
    lastMessage: index,
  };
  return nudge(view, remembered, text, `heartbeat-${freshness}`, evidence, false);
};

function waits({ unreadMail, work }: View): boolean {
  return unreadMail > 0 || work !== null;
}

function isPoked({ role }: Agent): boolean {
  return role === 'deacon' || role === 'mayor' || role === 'witness';
}

function nudge(
  { agent, session, liveness }: View,
  memory: AgentMemory,
  text: string,
  why: string,
  evidence: Readonly<Record<string, string | number>>,
  finish: boolean,
): Verdict | null {
  if (liveness.is !== 'alive') return null;
  const { pane, panePid } = liveness;
  return {
    action: {
      kind: 'nudge',
      id: `nudge:${agent.id}`,
      agent: agent.id,
      session,
      pane,
      panePid,
      text,
      finish,
      why,
      evidence,
    },
    memory,
  };
}
