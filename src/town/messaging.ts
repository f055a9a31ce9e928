import { readJson } from '../persist/json.ts';
import { isObject } from './settings-problem.ts';

/**
 * What `config/messaging.json` says of a list or a channel (spec/agents.md §2.4): addresses, or patterns of them. Null where it
 * says nothing, or cannot be read.
 */
export function messagingEntry(
  root: string,
  kind: 'lists' | 'nudge_channels',
  name: string,
): readonly string[] | null {
  const read = readJson(`${root}/config/messaging.json`);
  const entries = read.kind === 'ok' && isObject(read.value) ? read.value[kind] : undefined;
  const entry = isObject(entries) && Object.hasOwn(entries, name) ? entries[name] : undefined;
  return Array.isArray(entry) ? entry.filter((one) => typeof one === 'string') : null;
}
