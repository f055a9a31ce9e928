/** Everything a scheduler is told about a town: what to call, how often, and in which environment. */
export interface Registration {
  /** Real path of the town. */
  readonly town: string;
  /** Whole minutes between two calls: a divisor of 60. */
  readonly everyMinutes: number;
  readonly program: Program;
  /** The complete environment, but for what the scheduler itself sets and what {@link cleared} takes away. */
  readonly env: Readonly<Record<string, string>>;
  readonly tmux: TmuxPlace;
  /** How long one call may take, seconds; whoever takes longer is ended. */
  readonly limitSeconds: number;
}

/** Absolute paths of Node and of `gt`. */
export interface Program {
  readonly node: string;
  readonly gt: string;
}

/** Which tmux server the town lives in. */
export interface TmuxPlace {
  /** Absolute path of the program; null when it was not found. */
  readonly file: string | null;
  readonly socket: string;
  readonly tmpdir: string | null;
}

/** Variables that every call goes without: they make Node slow, or make it load what nobody reviewed (design/typescript.md §1.1). */
export const cleared = ['NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS'] as const;

/** The command line that is called. */
export function commandOf({ program, town }: Pick<Registration, 'program' | 'town'>): readonly string[] {
  return [program.node, program.gt, 'tick', '--town', town];
}
