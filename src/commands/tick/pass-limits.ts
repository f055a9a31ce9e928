import { exitStatus } from '../../exit.ts';
import { stopwatch } from '../../observe/clock.ts';

/** What may end a pass early: its time, or a signal. Either way the step in hand is finished and the state saved. */
export interface Limits {
  /** Sets the time budget, in milliseconds from the start; there is none before. */
  readonly allow: (budgetMs: number) => void;
  /** Milliseconds left; none after a signal. */
  readonly left: () => number;
  readonly stopped: () => boolean;
  /** 143 or 130 after a signal, 124 when the time ran out, else null (design/contract.md §1). */
  readonly exit: () => number | null;
  /** Signals do again what they did before. */
  readonly lift: () => void;
}

/** A terminal that closes ends no pass: it may be that of the very agent the pass replaces (F83). */
const goOn = (): void => undefined;

const hangMs = 30_000;
const signals = { SIGTERM: 143, SIGINT: 130 } as const;

/**
 * Starts the clock of a pass. A second signal ends the process at once. Should a pass hang in spite of all deadlines,
 * the process ends half a minute after its budget, and the next tick finds a dead owner of the lock.
 */
export function startLimits(): Limits {
  const begun = stopwatch();
  let budget = Number.POSITIVE_INFINITY;
  let status: number | null = null;
  let watchdog: NodeJS.Timeout | undefined;
  const left = (): number => (status === null ? Math.max(0, budget - (stopwatch() - begun)) : 0);
  const onSignal = (signal: NodeJS.Signals): void => {
    status = signal === 'SIGINT' ? signals.SIGINT : signals.SIGTERM;
    unlisten();
  };
  const unlisten = (): void => {
    process.off('SIGTERM', onSignal);
    process.off('SIGINT', onSignal);
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  process.on('SIGHUP', goOn);
  return {
    allow: (budgetMs) => {
      budget = budgetMs;
      watchdog = setTimeout(() => process.exit(exitStatus.timeUp), budgetMs + hangMs).unref();
    },
    left,
    stopped: () => status !== null,
    exit: () => status ?? (left() > 0 ? null : exitStatus.timeUp),
    lift: () => {
      unlisten();
      process.off('SIGHUP', goOn);
      clearTimeout(watchdog);
    },
  };
}
