import type { Action } from '../model/plan.ts';
import { refusedRequest, refusedStart, spendRequest, spendStart } from './brake.ts';
import type { Verdict, View, World } from './rule.ts';

/**
 * Every start passes here, whatever rule decided it: there is no second path around the brake (F08). A start that may go
 * on has spent its share before anything happens (F07); requested restarts are counted apart.
 */
export function braked(verdict: Verdict, view: View, { now, config }: World): Verdict {
  const { action } = verdict;
  const kind = action === undefined ? null : startOf(action);
  if (kind === null) return verdict;
  const { brake } = view.memory;
  const { brakes } = config.tick;
  const refused = kind === 'request' ? refusedRequest(brake, now, brakes) : refusedStart(brake, now, brakes);
  if (refused === null) {
    const isFirst = view.memory.started === null && (brake === null || brake.lastStart === null);
    const memory = verdict.memory ?? view.memory;
    const spent = kind === 'request' ? spendRequest(brake, now) : spendStart(brake, now, isFirst);
    return { ...verdict, ...thawed(action, view), memory: { ...memory, brake: spent } };
  }
  const { why, until } = refused;
  return {
    note: {
      agent: view.agent.id,
      rule: 'brake',
      why,
      ...(until === null ? {} : { until }),
      evidence: { attempts: brake?.attempts ?? 0, deaths: brake?.deaths.length ?? 0 },
    },
  };
}

/** Its last screen may still show a limit that is over by now: the next one is to tell (F32). */
function thawed(action: Action | undefined, { memory: { blocked } }: View): Pick<Verdict, 'action'> {
  if (action === undefined || blocked === null) return {};
  return { action: { ...action, evidence: { ...action.evidence, thawed: true } } };
}

/**
 * A request that an interrupted pass had begun is finished whatever the brake says: its agent may be dead already. It is
 * tried once; a second failure settles it (act/requests).
 */
function startOf(action: Action): 'own' | 'request' | null {
  switch (action.kind) {
    case 'start':
    case 'recreate':
      return 'own';
    case 'settle': {
      const restarts = action.deed === 'cycle' || action.deed === 'restart';
      return restarts && !action.resumed ? 'request' : null;
    }
    case 'nudge':
    case 'kill':
    case 'mail':
    case 'alert':
      return null;
  }
}
