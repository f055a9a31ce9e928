import type { Rule } from './rule.ts';

/** Stop means stop: an agent under a hold is neither started nor nudged, and a hold that cannot be read counts as one. */
export const heldRule: Rule = ({ agent, hold, request }, { snapshot }) => {
  if (!snapshot.holds.known) {
    return {
      note: {
        agent: agent.id,
        rule: 'held',
        why: 'holds-unknown',
        evidence: { reason: snapshot.holds.reason },
      },
    };
  }
  if (hold === null) return null;
  // The hold of a shutdown stands before the shutdown is carried out: it must not keep it from being finished.
  if (hold.kind === 'shutdown' && request?.action === 'shutdown') return null;
  return {
    note: {
      agent: agent.id,
      rule: 'held',
      why: hold.kind === 'hold' ? 'held' : hold.kind,
      ...(hold.until === null ? {} : { until: hold.until }),
      evidence: { target: hold.target, by: hold.by, reason: hold.reason, since: hold.since },
    },
  };
};
