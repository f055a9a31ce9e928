import type { Machine, MachineLimits } from '../model/machine.ts';
import type { Action, Evidence, Note } from '../model/plan.ts';
import type { Warning } from '../model/snapshot.ts';
import type { Verdict, View, World } from './rule.ts';

const megabyte = 1024 ** 2;

/** What of the machine is beyond its limits (design/failures.md F79); null: nothing, or nobody could tell. */
export function overloadOf(machine: Machine | undefined, limits: MachineLimits | undefined): Evidence | null {
  if (machine === undefined || limits === undefined) return null;
  const { loadPerCpu, freeMemory } = machine;
  const { maxLoadPerCpu, minFreeMemory } = limits;
  const load =
    maxLoadPerCpu !== null && loadPerCpu.known && loadPerCpu.value > maxLoadPerCpu
      ? { load_per_cpu: Math.round(loadPerCpu.value * 10) / 10, max_load_per_cpu: maxLoadPerCpu }
      : {};
  const memory =
    minFreeMemory !== null && freeMemory.known && freeMemory.value < minFreeMemory
      ? { free_memory: sizeText(freeMemory.value), min_free_memory: sizeText(minFreeMemory) }
      : {};
  const found = { ...load, ...memory };
  return Object.keys(found).length === 0 ? null : found;
}

/**
 * Every start passes here behind the brake, whatever rule decided it: on an overloaded machine it waits, unspent, until
 * the load is gone. Nobody is ended for silence then either: it may be the machine's. The town's own agents, whom somebody
 * must ask what is wrong, and what a person asked for never wait; nor does a successor that takes the place it leaves.
 */
export function eased(verdict: Verdict, { agent, asked }: View, { overload }: World): Verdict {
  const { action } = verdict;
  if (overload === null || action === undefined || !canWait(action) || !mayWait({ agent, asked }))
    return verdict;
  const evidence = { ...overload, postponed: action.kind };
  return { note: { agent: agent.id, rule: 'overload', why: 'overloaded', evidence } };
}

/** Whether its start is put off on an overloaded machine. */
export function mayWait({ agent, asked }: Pick<View, 'agent' | 'asked'>): boolean {
  return !asked && agent.role !== 'deacon' && agent.role !== 'mayor';
}

function canWait({ kind }: Action): boolean {
  return kind === 'start' || kind === 'recreate' || kind === 'kill';
}

/** One warning for all that wait. */
export function overloadWarnings(notes: readonly Note[], { overload }: World): readonly Warning[] {
  const waiting = notes.filter(({ rule }) => rule === 'overload').length;
  if (overload === null || waiting === 0) return [];
  const { load_per_cpu: load, max_load_per_cpu: most, free_memory: free, min_free_memory: least } = overload;
  const reasons = [
    ...(load === undefined
      ? []
      : [`its load per processor is ${load} (tick.machine.max_load_per_cpu: ${most})`]),
    ...(free === undefined ? [] : [`${free} of memory are free (tick.machine.min_free_memory: ${least})`]),
  ];
  const message = `The machine is overloaded: ${reasons.join(', and ')}; ${waiting} ${waiting === 1 ? 'agent waits' : 'agents wait'} for that to end.`;
  return [{ code: 'overloaded', message }];
}

function sizeText(bytes: number): string {
  return `${Math.floor(bytes / megabyte)} MB`;
}
