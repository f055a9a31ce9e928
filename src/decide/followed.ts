import type { BillLine } from '../model/bill.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { Moment } from '../model/state.ts';
import { charge, followMs } from './bill.ts';
import type { View } from './rule.ts';
import { echoMs } from './silence.ts';

/** Enters in the bill which of our starts and nudges were followed by a sign of life, and stops waiting for the others. */
export function countFollowed(
  views: readonly View[],
  before: readonly BillLine[],
  { now: { wall } }: Snapshot,
  now: Moment,
): { readonly views: readonly View[]; readonly bill: readonly BillLine[] } {
  if (views.every(({ memory }) => memory.touched === null)) return { views, bill: before };
  let bill = before;
  const looked = views.map((view) => {
    const { memory, agent } = view;
    const { touched } = memory;
    if (touched === null) return view;
    const answered = lastLife(view) > Date.parse(touched.at) + echoMs;
    if (answered) bill = charge(bill, agent.id, 'followed', wall);
    else if (now.awake - touched.awake < followMs) return view;
    return { ...view, memory: { ...memory, touched: null } };
  });
  return { views: looked, bill };
}

/** When the agent last showed life, by its own stamp or its pane, milliseconds since 1970. */
function lastLife({ signs, output, liveness }: View): number {
  if (liveness.is !== 'alive') return 0;
  const stamp = signs?.stamp.known ? signs.stamp.value : null;
  return Math.max(stamp ?? 0, output ?? 0);
}
