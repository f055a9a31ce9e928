import type { Installed, SchedulerName } from '../model/schedule.ts';
import type { Registration } from './registration.ts';

/** A text as a scheduler keeps it. */
export interface Written {
  /** A file's path, or the name of the table. */
  readonly where: string;
  readonly text: string;
}

/** One kind of scheduler, for one user of one machine. */
export interface Scheduler {
  readonly name: SchedulerName;
  /** Why it cannot be used here, for people; null: it can. */
  readonly unusable: () => Promise<string | null>;
  /** Everything {@link install} would have written, and nothing else. */
  readonly wanted: (registration: Registration) => readonly Written[];
  /** What is registered for the town, compared with what should be; null: nothing. */
  readonly find: (registration: Registration) => Promise<Installed | null>;
  /**
   * Registers the town, or brings its registration up to date; false when there was nothing to do. Throws a `Failure`, and
   * then everything is as it was.
   */
  readonly install: (registration: Registration) => Promise<boolean>;
  /** Takes the town's registration away, all of it and nothing else; false when there was none. */
  readonly remove: (town: string) => Promise<boolean>;
}
