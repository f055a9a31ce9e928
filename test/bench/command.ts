/** One program to measure: an argument array and the complete environment. */
export interface Measured {
  readonly argv: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  /** Puts the world back as it was, untimed, before each run. */
  readonly prepare?: () => void;
  /** Exit statuses that count as success. */
  readonly exits: readonly number[];
}

/** Fails when a measured program did not do what it should: a figure of an error is worse than none. */
export function checkExit({ argv, exits }: Measured, status: number | null, output: string): void {
  if (status !== null && exits.includes(status)) return;
  throw new Error(`${argv.join(' ')} ended with ${status}: ${output}`);
}
