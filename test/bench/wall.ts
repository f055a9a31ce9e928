import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { checkExit, type Measured } from './command.ts';

/**
 * Runs all programs in turn, in a fresh order each round, and gives a reader of each one's median wall time in
 * milliseconds. Interleaved, so that a busy moment of the machine hits all alike: only ratios mean anything.
 */
export function medians(
  programs: Readonly<Record<string, Measured>>,
  rounds: number,
): (name: string) => number {
  const cost = costs(programs, rounds);
  return (name) => cost(name).wall;
}

/** {@link medians}, with the mean processor time, in milliseconds too, of a program and all that it started and waited for. */
export function costs(
  programs: Readonly<Record<string, Measured>>,
  rounds: number,
): (name: string) => { readonly wall: number; readonly cpu: number } {
  const times = new Map<string, { wall: number; cpu: number }[]>(
    Object.keys(programs).map((name) => [name, []]),
  );
  for (let round = -2; round < rounds; round += 1) {
    for (const [name, program] of shuffled(Object.entries(programs))) {
      program.prepare?.();
      const before = childrensTime();
      const wall = wallTime(program);
      if (round >= 0) times.get(name)?.push({ wall, cpu: childrensTime() - before });
    }
  }
  return (name) => {
    const runs = times.get(name) ?? [];
    const cpu = runs.reduce((sum, run) => sum + run.cpu, 0) / runs.length;
    return { wall: median(runs.map((run) => run.wall)), cpu };
  };
}

/** Processor time of all children that have ended, in milliseconds; the system counts hundredths of a second. */
function childrensTime(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[13]) + Number(fields[14])) * 10;
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
