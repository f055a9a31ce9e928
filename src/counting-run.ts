import type { Run } from './run.ts';

/** The same runner, and how many programs it was asked to run so far. */
export function counting(run: Run): { readonly run: Run; readonly count: () => number } {
  let started = 0;
  return {
    run: (command) => {
      started += 1;
      return run(command);
    },
    count: () => started,
  };
}
