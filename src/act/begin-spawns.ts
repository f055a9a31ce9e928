import type { Outcome } from '../model/plan.ts';
import { type NudgeAction, nudgeAgents } from './nudge.ts';
import { failed, skipped } from './outcome.ts';
import type { World } from './world.ts';

const keeper = 'keeper';

/**
 * Tells new polecats to begin, each once (spec/tick.md §4.4.2): claim the mail, nudge, settle. A polecat that is not ready
 * yet gives its mail back to the next pass; text that was typed and not submitted keeps it, and only lacks its Enter.
 */
export async function beginSpawns(
  actions: readonly NudgeAction[],
  world: World,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  const mine: NudgeAction[] = [];
  for (const action of actions) {
    const trouble = await claim(action, world);
    if (trouble === null) mine.push(action);
    else outcomes.push(trouble);
  }
  for (const outcome of await nudgeAgents(mine, world)) {
    const action = mine.find(({ id }) => id === outcome.action);
    outcomes.push(action === undefined ? outcome : await conclude(action, outcome, world));
  }
  return outcomes;
}

async function claim(action: NudgeAction, { store }: World): Promise<Outcome | null> {
  const { spawn } = action;
  if (spawn === undefined || spawn.resumed) return null;
  const claimed = await store.mail.claim(spawn.message, keeper);
  if (!claimed.known) return failed(action, `the mail cannot be claimed: ${claimed.reason}`, 'store');
  return claimed.value.kind === 'claimed' ? null : skipped(action, 'taken', 'the mail is no longer waiting');
}

async function conclude({ spawn }: NudgeAction, outcome: Outcome, { store }: World): Promise<Outcome> {
  if (spawn === undefined || outcome.reason === 'stranded') return outcome;
  const ended =
    outcome.result === 'ok'
      ? await store.mail.settleClaimed(spawn.message, { outcome: 'begun', by: keeper, reason: null })
      : await store.mail.release(spawn.message);
  return ended.known ? outcome : { ...outcome, error: `${outcome.error ?? ''} ${ended.reason}`.trim() };
}
