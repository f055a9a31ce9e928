import type { PassReport } from '../../model/pass-report.ts';
import type { Outcome } from '../../model/plan.ts';
import type { Decided, Order } from './decision.ts';

/** How a pass was made: by `byHand` when a command did. */
interface PassManner extends Pick<Order, 'only' | 'part'> {
  readonly byHand?: string;
}

/** All that a pass went by and did, as `daemon/passes` keeps it, so that `gt replay` can decide once more. */
export function passDocument(
  report: PassReport,
  { sight, loaded, plan }: Pick<Decided, 'sight' | 'loaded' | 'plan'>,
  outcomes: readonly Outcome[],
  manner: PassManner,
): object {
  const { runtimes: _runtimes, rigs: _rigs, ...config } = sight.config;
  return {
    schema: 'gt.pass/1',
    report,
    snapshot: sight.snapshot,
    state: loaded.state,
    config,
    manner: { careful: loaded.careful, ...manner },
    plan,
    outcomes,
  };
}
