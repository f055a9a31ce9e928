import type { Rule } from './rule.ts';

/** What could not be found out is neither dead nor fine: nothing is done, and it is said (design: do no harm). */
export const unknownRule: Rule = ({ agent, session, liveness, memory, wanted }) => {
  if (liveness.is === 'unknown') {
    const since = memory.troubleSince;
    return {
      note: {
        agent: agent.id,
        rule: 'unknown',
        why: 'unknown',
        evidence: { reason: liveness.reason, since },
      },
    };
  }
  if (liveness.is !== 'foreign') return null;
  const note = {
    agent: agent.id,
    rule: 'unknown',
    why: 'foreign',
    evidence: { session, owner: liveness.owner },
  };
  if (!wanted) return { note };
  const owner = liveness.owner === null ? 'nobody we know' : `the town ${liveness.owner}`;
  return {
    note,
    warning: {
      code: 'session-foreign',
      message: `${agent.id}: the session ${session} exists but belongs to ${owner}; it is left alone. End or rename that session, or give this town a tmux server of its own (tick.socket in settings/config.json).`,
    },
  };
};
