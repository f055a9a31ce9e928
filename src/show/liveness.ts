import type { Finding } from '../model/plan.ts';

/** How an agent was found, in words. */
export function livenessText({ session, liveness }: Finding): string {
  switch (liveness.is) {
    case 'alive':
      return `alive (${liveness.command})`;
    case 'absent':
      return `no session ${session}`;
    case 'dead':
      if (liveness.signal !== null) return `ended by signal ${liveness.signal}`;
      return liveness.status === null ? 'ended' : `ended with status ${liveness.status}`;
    case 'shell':
      return `only ${liveness.command} is left in its pane${liveness.attached ? ', somebody is attached' : ''}`;
    case 'foreign':
      return `session ${session} belongs to ${liveness.owner === null ? 'nobody we know' : liveness.owner}`;
    case 'unknown':
      return `unknown: ${liveness.reason}`;
  }
}
