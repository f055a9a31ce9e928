import { spawnSync } from 'node:child_process';
import { checkExit, type Measured } from './command.ts';

/**
 * Runs all programs in turn, in a fresh order each round, and gives a reader of each one's median wall time in
 * milliseconds. Interleaved, so that a busy moment of the machine hits all alike: only ratios mean anything.
 */
export function medians(
  programs: Readonly<Record<string, Measured>>,
  rounds: number,
): (name: string) => number {
  const times = new Map<string, number[]>(Object.keys(programs).map((name) => [name, []]));
  for (let round = -2; round < rounds; round += 1) {
    for (const [name, program] of shuffled(Object.entries(programs))) {
      const ms = wallTime(program);
      if (round >= 0) times.get(name)?.push(ms);
    }
  }
  return (name) => median(times.get(name) ?? []);
}

/** The middle value; of an even number the mean of the middle two. Fails for none. */
function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const low = sorted[Math.ceil(sorted.length / 2) - 1];
  const high = sorted[Math.floor(sorted.length / 2)];
  if (low === undefined || high === undefined) throw new Error('nothing was measured');
  return (low + high) / 2;
}

function wallTime(program: Measured): number {
  program.prepare?.();
  const [file, ...args] = program.argv;
  const begun = process.hrtime.bigint();
  const ran = spawnSync(file, args, {
    env: program.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 1e9,
  });
  const ms = Number(process.hrtime.bigint() - begun) / 1e6;
  checkExit(program, ran.status, `${ran.stderr}${ran.stdout}`);
  return ms;
}

function shuffled<T>(items: readonly T[]): readonly T[] {
  return items
    .map((item) => ({ item, key: Math.random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}
