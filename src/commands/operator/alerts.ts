import { acknowledge } from '../../decide/conditions.ts';
import { exitStatus, Failure } from '../../exit.ts';
import type { Condition } from '../../model/condition.ts';
import { loadState, saveState } from '../../persist/state.ts';
import { alertsText } from '../../show/alerts.ts';
import { jsonText } from '../../show/json.ts';
import { nearest } from '../../town/nearest.ts';
import { type Context, styleFor } from '../context.ts';
import { townOf } from '../rigs/rig.ts';
import { withState } from './edit-state.ts';
import { logDeed, orderedBy } from './log-deed.ts';

export interface AlertsOptions {
  readonly town?: string | undefined;
  /** Also those that are over. */
  readonly all?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/** `gt alerts list`: the ledger of conditions. Whether the town is well is `gt status`'s exit status. */
export function alertsCommand({ town, all = false, json = false }: AlertsOptions, context: Context): number {
  const at = townOf(town, context, { reading: true });
  const { conditions } = loadState(at, { look: true }).state;
  const shown = conditions.filter(({ over }) => all || over === null);
  context.stdout(
    json
      ? jsonText({ schema: 'gt.alerts/1', town: at.root, alerts: shown })
      : alertsText(shown, context.now(), styleFor(context)),
  );
  return exitStatus.done;
}

export interface AckOptions {
  readonly town?: string | undefined;
  /** Key of a condition as `gt alerts list` shows it, its beginning where that is unique, or its agent. */
  readonly alert: string;
  readonly json?: boolean | undefined;
}

/** `gt alerts ack ALERT`: it is known; nothing reminds of it any more. Its end is still told. */
export async function alertAckCommand(
  { town, alert, json = false }: AckOptions,
  context: Context,
): Promise<number> {
  const at = townOf(town, context);
  const by = orderedBy(context);
  const { condition, before } = await withState(at, 'gt alerts ack', context, ({ state, kept }) => {
    if (alert.trim() === '')
      throw new Failure('usage', exitStatus.usage, 'Which alert is meant was not said.', 'gt alerts list');
    const found = named(alert, state.conditions);
    if (found.acknowledged !== null) return { condition: found, before: found.acknowledged };
    const next = acknowledge(state, found.key, by, context.now().toISOString());
    if (next !== null) saveState(at, next, kept);
    return { condition: next?.conditions.find(({ key }) => key === found.key) ?? found, before: null };
  });
  const { key, agent, text } = condition;
  if (before === null)
    logDeed(
      at,
      { kind: 'alert-acknowledged', target: agent ?? '*', text: `${key} acknowledged by ${by}` },
      context,
    );
  context.stdout(
    json
      ? jsonText({ schema: 'gt.alert-ack/1', town: at.root, changed: before === null, alert: condition })
      : before === null
        ? `✓ ${key} is acknowledged: nothing reminds of it until it is over. (${text})\n`
        : `○ ${key} was acknowledged by ${before.by} already.\n`,
  );
  return exitStatus.done;
}

function named(given: string, ledger: readonly Condition[]): Condition {
  const holding = ledger.filter(({ over }) => over === null);
  const exact = holding.filter(({ key }) => key === given);
  const found =
    exact.length > 0 ? exact : holding.filter(({ key, agent }) => key.startsWith(given) || agent === given);
  const [one] = found;
  if (one !== undefined && found.length === 1) return one;
  const keys = found.map(({ key }) => key);
  const meant = nearest(
    given,
    holding.map(({ key }) => key),
  );
  throw new Failure(
    keys.length > 1 ? 'alert-ambiguous' : 'alert-unknown',
    exitStatus.usage,
    keys.length > 1
      ? `${given} may be ${keys.join(' or ')}.`
      : `There is no alert ${given}.${meant === null ? '' : ` Did you mean ${meant}?`}`,
    'gt alerts list',
  );
}
