import { armFaults } from '../../src/persist/fault.ts';
import { readJson, writeJson } from '../../src/persist/json.ts';
import { acquireLock } from '../../src/persist/lock.ts';
import { loadState, saveState } from '../../src/persist/state.ts';
import { layout } from '../../src/town/layout.ts';

/** What the tests of this room run in other processes: bundled, then called with one name and its arguments. */
export function read(path: string): unknown {
  return readJson(path);
}

export function write(path: string, value: unknown): void {
  writeJson(path, value);
}

export function load(town: string): unknown {
  return loadState(layout(town));
}

export function lock(path: string): unknown {
  return acquireLock(path, { since: '2026-11-21T07:25:00Z' });
}

export function arm(env: NodeJS.ProcessEnv): void {
  armFaults(true, env);
}

/** Counts one heartbeat more. */
export function save(town: string): void {
  const { state, kept } = loadState(layout(town));
  saveState(layout(town), { ...state, heartbeatCount: state.heartbeatCount + 1 }, kept);
}
