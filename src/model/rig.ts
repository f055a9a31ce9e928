/** One project of the town as the keeper sees it. */
export interface Rig {
  readonly name: string;
  /** Names of the worker directories that exist; dot directories are never workers. */
  readonly crew: readonly string[];
  readonly polecats: readonly string[];
}

/** Why an agent, a rig or the whole town must be left alone. */
export interface Hold {
  /** `*` for the whole town, a rig's name, or an agent's id. */
  readonly target: string;
  readonly kind: 'hold' | 'parked' | 'estop' | 'shutdown';
  readonly reason: string;
  readonly by: string;
  /** RFC 3339; null when whoever made the hold did not say. */
  readonly since: string | null;
  /** RFC 3339; null = until somebody ends it. */
  readonly until: string | null;
}
