import type { Evidence } from '../../model/plan.ts';
import { appendEvent } from '../../persist/events.ts';
import { namesOneAgent } from '../../town/identity.ts';
import type { Layout } from '../../town/layout.ts';
import type { Context } from '../context.ts';

/** What a person's command did, for `gt log`. `target` is an agent's id, a rig, or `*`. */
export interface Deed {
  readonly kind: string;
  readonly target: string;
  readonly text: string;
  readonly evidence?: Evidence;
}

/** Writes a deed into the town's log. The deed is done: a log that cannot be written is said, and fails nothing. */
export function logDeed(at: Layout, { kind, target, text, evidence = {} }: Deed, context: Context): void {
  const agent = target === '*' || !namesOneAgent(target) ? null : target;
  const event = {
    at: context.now().toISOString(),
    kind,
    agent,
    pass: null,
    text,
    evidence: { target, ...evidence },
  };
  try {
    appendEvent(at, event);
  } catch (error) {
    context.stderr(`⚠ Warning: not in the log: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}

/** Who gives an order, as holds and acknowledgements name them. */
export function orderedBy({ env }: Pick<Context, 'env'>): string {
  return env.BD_ACTOR || env.GT_ROLE || env.USER || env.LOGNAME || 'somebody';
}
