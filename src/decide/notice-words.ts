import type { Observed } from '../model/condition.ts';
import type { Mailbox } from '../model/message.ts';
import type { Evidence } from '../model/plan.ts';

/** Who is told of what befalls a rig's workers. */
export function witnessOf(rig: string): Mailbox {
  return `${rig}/witness`;
}

/** A condition for the human. */
export function human(
  key: string,
  code: string,
  agent: string | null,
  words: {
    readonly subject: string;
    readonly text: string;
    readonly details: Evidence;
    readonly hint: string;
  },
): Observed {
  return { key, code, agent, to: 'overseer', ...words };
}
