/** What can call `gt tick` every minute. */
export type SchedulerName = 'cron' | 'systemd' | 'launchd';

/** Something about a schedule that is not as it should be. `hint` is the command that puts it right. */
export interface ScheduleProblem {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
  /** The heartbeat does not come because of it. */
  readonly stops: boolean;
}

/** One scheduler's registration of a town, as it was found. */
export interface Installed {
  readonly scheduler: SchedulerName;
  /** Files, or the table, that it is written in. */
  readonly where: readonly string[];
  /** The command line that is called; empty when it could not be read. */
  readonly command: readonly string[];
  /** What the call is given, but for what the scheduler itself adds. */
  readonly environment: Readonly<Record<string, string>>;
  /** Milliseconds between two calls; null when that could not be read. */
  readonly everyMs: number | null;
  /** Whether the scheduler says it is at work on it; null: it does not tell. */
  readonly active: boolean | null;
  /** How the last call ended, as the scheduler tells it; null: it does not. */
  readonly lastResult: string | null;
  readonly problems: readonly ScheduleProblem[];
}
