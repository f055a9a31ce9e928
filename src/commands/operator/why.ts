import { exitStatus } from '../../exit.ts';
import { readEvents } from '../../persist/events.ts';
import { withSnakeKeys } from '../../persist/key-case.ts';
import { jsonText } from '../../show/json.ts';
import { explain, type WorkspaceFound } from '../../show/why.ts';
import { whyText } from '../../show/why-text.ts';
import type { Layout } from '../../town/layout.ts';
import { agentNamed } from '../agent-named.ts';
import { type Context, styleFor } from '../context.ts';
import { townOf } from '../rigs/rig.ts';
import { endSeen } from '../unseen.ts';
import { atWorkText } from './look-state.ts';
import { seeTown } from './town-sight.ts';

export interface WhyOptions {
  readonly town?: string | undefined;
  /** Any spelling. */
  readonly agent: string;
  readonly json?: boolean | undefined;
}

/** What these hold is named by whoever made it. */
const othersKeys = new Set(['evidence', 'details']);

/**
 * `gt why AGENT`: how one agent was found, and why the tick did what it did about it, or nothing. Writes nothing.
 * Exit 1 when the agent should run, may run, and does not; 69 where tmux cannot be asked.
 */
export async function whyCommand(
  { town, agent, json = false }: WhyOptions,
  context: Context,
): Promise<number> {
  const at = townOf(town, context, { reading: true });
  const { now, sight, plan, last, nextDueAt, lock } = await seeTown(at, context);
  const id = agentNamed(agent, sight.snapshot);
  const explanation = explain(id, {
    now,
    snapshot: sight.snapshot,
    plan,
    last,
    nextDueAt,
    workspace: workspaceOf(id, at),
  });
  if (explanation === null) throw new TypeError(`agent ${id} was found and is not there`);
  const { finding, memory, next, now: _, ...rest } = explanation;
  const working = atWorkText(lock, now);
  if (json) {
    context.stdout(
      jsonText(
        withSnakeKeys(
          {
            schema: 'gt.why/1',
            town: at.root,
            agent: id,
            session: finding.session,
            wanted: finding.wanted,
            held: finding.held,
            liveness: finding.liveness,
            ...rest,
            ...memory,
            atWork: working,
            next: { ...next, dueAt: next.dueAt?.toISOString() ?? null },
          },
          othersKeys,
        ),
      ),
    );
  } else {
    context.stdout(whyText(explanation, styleFor(context)));
    if (working !== null) context.stdout(`at work    ${working}\n`);
  }
  const seen = endSeen(sight.snapshot, context);
  if (seen !== exitStatus.done) return seen;
  const unwell = finding.wanted && !finding.held && finding.liveness.is !== 'alive';
  return unwell ? exitStatus.failed : exitStatus.done;
}

/** How far back the log is read. */
const mostEvents = 5_000;

/** The newest thing that the log says of its work tree. */
function workspaceOf(id: string, at: Layout): WorkspaceFound | null {
  const found = readEvents(at, mostEvents).events.findLast(
    ({ kind, agent }) => kind === 'workspace' && agent === id,
  );
  return found === undefined ? null : { at: found.at, text: found.text, evidence: found.evidence };
}
