import type { Config } from '../model/config.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { Run } from '../run.ts';
import type { Layout } from '../town/layout.ts';

/** Something that is not as it should be. */
export interface Finding {
  /** A stable slug. */
  readonly code: string;
  /** What, and of whom, for people. */
  readonly message: string;
  /** RFC 3339; null: nobody recorded it. */
  readonly since: string | null;
  /** The command that puts it right, or shows more. */
  readonly remedy: string | null;
  /** What `--fix` does about it; missing: a person has to decide. */
  readonly repairs?: readonly Repair[];
}

/** What may be put right without asking: rights, directories, remains of killed writers, a lock with nothing in it, the list of towns. Never a worktree. */
export type Repair =
  | { readonly kind: 'rights'; readonly path: string; readonly mode: number }
  | { readonly kind: 'directory'; readonly path: string; readonly mode: number }
  | { readonly kind: 'sweep'; readonly directory: string }
  | { readonly kind: 'blank-lock'; readonly path: string }
  | { readonly kind: 'list-town'; readonly root: string }
  | { readonly kind: 'forget-town'; readonly root: string };

/** What one examination gave. */
export interface Examined {
  readonly name: string;
  /** One line of what was seen, for people. */
  readonly saw: string;
  readonly findings: readonly Finding[];
  /** The same for programs that compare: `--as-cron` holds the scheduler's against the caller's. */
  readonly facts?: Readonly<Record<string, string | null>>;
}

/** The town that is examined, and what was read of it once for all. */
export interface Patient {
  readonly layout: Layout;
  /** The defaults where the settings cannot be used. */
  readonly config: Config;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Directories searched for programs, the caller's and the settings'. */
  readonly path: readonly string[];
  readonly run: Run;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Null: the town could not be looked at, and `blind` says why. */
  readonly snapshot: Snapshot | null;
  readonly blind: string | null;
}

export type Examine = (patient: Patient) => Examined | Promise<Examined>;

/** Milliseconds since 1970 as RFC 3339; null where they mean no moment. */
export function momentOf(ms: number | null | undefined): string | null {
  if (ms === null || ms === undefined || !Number.isFinite(ms) || Math.abs(ms) > 8.64e15) return null;
  return new Date(ms).toISOString();
}
