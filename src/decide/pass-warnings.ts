import type { Snapshot, Warning } from '../model/snapshot.ts';
import type { State } from '../model/state.ts';

/** Holds that cannot be read stop every start: somebody must hear of it. */
export function holdsUnread({ holds }: Snapshot): readonly Warning[] {
  if (holds.known) return [];
  return [
    {
      code: 'holds-unreadable',
      message: `Nothing is started or nudged while holds cannot be read: ${holds.reason}.`,
    },
  ];
}

/** An intent without an outcome: the pass that saved it was cut short. Its counters stay spent; what it did shows. */
export function interrupted({ intent }: State): readonly Warning[] {
  if (intent === null) return [];
  const actions = intent.actions.map((action) => action.id).join(', ');
  return [
    {
      code: 'pass-interrupted',
      message: `The pass ${intent.pass} of ${intent.at} was cut short before it could record what became of: ${actions}. Nothing of it is repeated unseen.`,
    },
  ];
}
