import type { Agent } from '../model/agent.ts';
import { type Fact, known, unknown } from '../model/fact.ts';
import type { RequestAction } from '../model/request.ts';
import { readJson } from '../persist/json.ts';
import { stateFileOf } from './layout.ts';
import { isObject } from './settings-problem.ts';

const actions: readonly RequestAction[] = ['cycle', 'restart', 'shutdown'];

/**
 * What an agent's own `state.json` confirms that it asks for: `requesting_<action>` is exactly `true`
 * (spec/tick.md §6.5). A file that is there and cannot be read is unknown: it confirms nothing and denies nothing.
 */
export function readFlags(root: string, agent: Agent): Fact<readonly RequestAction[]> {
  const file = stateFileOf(root, agent);
  const read = readJson(file);
  if (read.kind === 'absent') return known([]);
  if (read.kind === 'unreadable') return unknown(`${file} cannot be read: ${read.message}`);
  if (read.kind === 'invalid') return unknown(`${file} ${read.reason}`);
  const { value } = read;
  return isObject(value)
    ? known(actions.filter((action) => value[flagOf(action)] === true))
    : unknown(`${file} is not an object`);
}

/** The key in an agent's `state.json` that confirms a request. */
export function flagOf(action: RequestAction): string {
  return `requesting_${action}`;
}
