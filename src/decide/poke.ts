import { nudge } from '../model/action.ts';
import type { AgentMemory } from '../model/state.ts';
import { isPoked } from '../town/identity.ts';
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
    return {
      action: nudge(view, liveness, { text: seen.slot.text, finish: true }, 'stranded', evidence),
      memory: seen,
    };
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
  return {
    action: nudge(view, liveness, { text }, `heartbeat-${freshness}`, evidence),
    memory: remembered,
  };
};

function waits({ unreadMail, work }: View): boolean {
  return unreadMail > 0 || work !== null;
}
